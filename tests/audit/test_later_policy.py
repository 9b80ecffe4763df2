"""A pack of an old decision checks, whatever policy came later and by whatever key."""

import base64

from voltrail.actions.pack import anchors_file, evidence_pack
from voltrail.audit.check import check
from voltrail.audit.pack import parse
from voltrail.ids.subject import ArrivalId
from voltrail.statements import statement as statements
from voltrail.statements.fields import Digest
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail.statements.policy import PolicyRecord
from voltrail.statements.statement import Header
from voltrail.trust import anchors, signer
from voltrail_world.cast import ANSEL, BEGINS, NORDLICHT, RUNA
from voltrail_world.story import policy
from world_fixture import NOW, clean_shipment, fresh_world


def test_a_pack_checks_where_a_later_policy_is_signed_with_a_key_that_came_later() -> None:
    seen = fresh_world()
    seen.deliver(clean_shipment())
    new = signer.generate()
    fact = KeyEvent(
        verb=KeyVerb.ENROL,
        key=Digest(new.public.key_id),
        issuer=RUNA,
        algorithm=new.public.algorithm,
        spki=base64.b64encode(new.public.spki).decode(),
        valid_from=BEGINS,
    )
    seen.hand_in(seen.say(fact, NORDLICHT, RUNA))
    later = PolicyRecord("Another title", NOW, policy().rules, (RUNA, ANSEL))
    payload = statements.compose(later, Header(RUNA, NOW), NORDLICHT)
    seen.hand_in(signer.sealed(payload, new, seen.world.keys[ANSEL]).raw)
    row = next(iter(seen.desk.views.rows()))
    pack = parse(evidence_pack(seen.desk, ArrivalId.read(row.arrival)))
    pinned, logs = anchors.parse(anchors_file(seen.desk))
    assert check(pack, pinned, logs).replay.same
