"""Each known pitfall of signed logs and keys has a test that keeps us out of it, named here."""

import ast
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]

# number → what goes wrong elsewhere, the file of the test, its name
PITFALLS = {
    1: (
        "what was verified is parsed again, and is something else",
        "trust/test_verify.py",
        "test_what_was_verified_is_what_is_read",
    ),
    2: (
        "the hint at a key is believed",
        "trust/test_verify.py",
        "test_the_key_hint_decides_nothing",
    ),
    3: (
        "one key counts twice",
        "trust/test_verify.py",
        "test_two_bindings_of_one_key_are_one_key",
    ),
    4: (
        "a signature too many, or one too few, is taken",
        "trust/test_verify.py",
        "test_one_wrong_signature_beside_a_good_one_refuses_the_whole_envelope",
    ),
    5: (
        "a name is not bound to a key",
        "trust/test_verify.py",
        "test_a_key_bound_to_another_firm_does_not_speak_for_this_one",
    ),
    6: (
        "a signature is taken off and nobody sees",
        "attacks/test_stripped_signature.py",
        "test_a_policy_that_lost_one_of_its_signatures_is_refused",
    ),
    7: (
        "a key stands twice in JSON",
        "attacks/test_duplicate_keys_are_quick.py",
        "test_a_key_that_stands_twice_among_twenty_thousand_is_found",
    ),
    8: (
        "floats, and integers beyond 2^53",
        "trust/foreign/test_canonical_json.py",
        "test_a_document_that_could_be_read_two_ways_is_refused",
    ),
    9: (
        "base64 in two spellings gives two ids",
        "trust/foreign/test_credential.py",
        "test_a_token_has_one_spelling",
    ),
    10: (
        "a name leads out of its folder",
        "trust/test_tuf.py",
        "test_a_target_that_would_be_put_elsewhere_is_refused",
    ),
    11: (
        "the signer's own time is believed",
        "attacks/test_lapsed_key.py",
        "test_a_key_past_its_end_signs_nothing_whatever_time_is_claimed",
    ),
    12: (
        "a stamp by another service, or for another use",
        "trust/foreign/test_timestamp.py",
        "test_a_pinned_service_is_not_replaced_by_another_below_the_same_root",
    ),
    13: (
        "a stamp outside its certificate's validity",
        "trust/foreign/test_timestamp.py",
        "test_a_stamp_a_second_outside_of_a_certificate_s_validity_is_refused",
    ),
    14: (
        "a trust root grows old in silence",
        "trust/test_tuf.py",
        "test_a_stick_says_how_old_it_is",
    ),
    15: (
        "offline opens a socket",
        "attacks/test_pack_in_twenty_years.py",
        "test_the_verdict_does_not_depend_on_the_clock",
    ),
    16: (
        "a checkpoint lacks a part, or an extension line gets a meaning",
        "register/test_cosigned.py",
        "test_the_right_key_id_with_the_wrong_key_refuses_the_note",
    ),
    17: (
        "a proof has hashes of another length, or too many",
        "register/test_cose_receipt.py",
        "test_a_bent_receipt_is_refused",
    ),
    18: (
        "a restored witness cosigns two histories",
        "witness/test_state.py",
        "test_a_state_restored_from_a_backup_refuses_until_told",
    ),
    19: (
        "a restored log forks",
        "attacks/test_fork_drill.py",
        "test_no_second_history_begins_where_anybody_knows_better",
    ),
    20: (
        "a rename without a sync of file and folder",
        "witness/test_state.py",
        "test_each_file_and_its_folder_are_synced_before_a_head_counts",
    ),
    21: (
        "an entry is longer than its length can say",
        "register/test_tile.py",
        "test_bundles_have_bounds",
    ),
    22: (
        "leaf and node are hashed alike",
        "register/test_witness.py",
        "test_leaf_and_node_are_parted",
    ),
    23: (
        "a list is sorted again, or a serial stands twice in it",
        "cli/test_lots.py",
        "test_a_list_sorted_again_or_with_other_line_ends_is_another_list",
    ),
    24: (
        "the key id of a label is not the signer's",
        "labels/test_signed.py",
        "test_pitfall_24_the_key_in_the_protected_header_is_the_signer_s",
    ),
    25: (
        "a theft is dated back to disown goods",
        "trust/test_standing.py",
        "test_a_theft_told_of_twice_once_without_a_time_leaves_what_is_older_suspect",
    ),
    26: (
        "a context is fetched while something is verified",
        "trust/foreign/test_credential.py",
        "test_nothing_is_ever_fetched",
    ),
    27: (
        "threads around a library that holds the lock",
        "actions/test_sweep.py",
        "test_processes_find_what_one_finds",
    ),
    28: (
        "dependencies that do not go together",
        "house/test_base_install.py",
        "test_every_kernel_module_imports_without_the_server_s_dependencies",
    ),
}


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return frozenset(one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef))


def test_none_of_them_is_left_out() -> None:
    assert sorted(PITFALLS) == list(range(1, 29))


@pytest.mark.parametrize("number", PITFALLS)
def test_a_pitfall_has_its_test(number: int) -> None:
    what, file, name = PITFALLS[number]
    assert name in names_in(file), f"Pitfall {number}, {what}: {file} has no {name}"
