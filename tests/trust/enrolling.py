"""A fresh world in which some speakers may also state kinds that the story does not know yet."""

import base64

from voltrail.ids.subject import SubjectId
from voltrail.statements import kinds
from voltrail.statements.fields import Digest
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail.trust.signer import LocalSigner
from voltrail_world.cast import BEGINS, NORDLICHT
from world_fixture import PlayedWorld, fresh_world


def enrol(seen: PlayedWorld, who: SubjectId, name: str, key: LocalSigner | None = None) -> None:
    """Let a speaker state one more kind, with the key it has or with another one."""
    public = (key or seen.world.keys[who]).public
    event = KeyEvent(
        KeyVerb.ENROL,
        Digest(public.key_id),
        who,
        public.algorithm,
        base64.b64encode(public.spki).decode(),
        BEGINS,
        (kinds.uri(name),),
    )
    assert seen.hand_in(seen.say(event, NORDLICHT, who)).fresh


def world_with(name: str, *speakers: SubjectId) -> PlayedWorld:
    """A fresh world in which these speakers may state this kind."""
    seen = fresh_world()
    for who in speakers:
        enrol(seen, who, name)
    return seen
