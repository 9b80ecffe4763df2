"""
Every error Voltrail raises, and what each means to a person, the API and the shell.

    ProductError
    ├─ MalformedError           the bytes are not what their type says      400      exit 65
    ├─ RefusedError             well formed, judged, the answer is no       403      exit 1
    │  ├─ SignatureInvalidError                                             403
    │  ├─ IssuerNotTrustedError                                             403
    │  ├─ LapsedError           key or statement out of date                403
    │  ├─ StaleEvidenceError    another challenge, or too late              409
    │  ├─ NotAdmittedError      too big, about nothing, duplicate, clock    422
    │  ├─ UnmetError            what must stand first does not stand yet    409
    │  └─ NotPermittedError     this person may not do this                 403
    │     └─ TooOftenError      tried too often; later again                429
    ├─ UnverifiableError        nothing could be judged: key, scheme        424      exit 75
    ├─ UnknownSubjectError      nobody has spoken of this                   404      exit 66
    └─ RegisterCorruptError     the register disagrees with itself          500      exit 70

Raised for what must not be ignored. A rejected lot or a violated control is a result, not an error.
"""

from collections.abc import Sequence
from typing import Any, ClassVar


class ProductError(Exception):
    """Base of all our errors: one sentence for a person, and a hint that says what to do."""

    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, sentence: str, *, hint: str = "") -> None:
        """Keep the sentence as the message and the hint beside it."""
        super().__init__(sentence)
        self.hint = hint

    @property
    def anchor(self) -> str:
        """Return the heading of this error's paragraph in docs/reference/errors.md."""
        return type(self).__name__.lower()


class MalformedError(ProductError):
    """The bytes are not what their type says."""

    status = 400
    exit_code = 65
    title = "Malformed"


class RefusedError(ProductError):
    """Well formed and judged; the answer is no."""

    status = 403
    title = "Refused"


class SignatureInvalidError(RefusedError):
    """A signature does not match the bytes it claims to cover."""

    title = "Signature invalid"


class IssuerNotTrustedError(RefusedError):
    """The key is not bound to this issuer for this statement."""

    title = "Issuer not trusted"


class LapsedError(RefusedError):
    """The key, statement or qualification is out of date."""

    title = "Lapsed"


class StaleEvidenceError(RefusedError):
    """The evidence answers another challenge, or came too late."""

    status = 409
    title = "Stale evidence"


class NotAdmittedError(RefusedError):
    """The register's admission policy refuses this statement."""

    status = 422
    title = "Not admitted"


class UnmetError(RefusedError):
    """What must stand first does not stand yet; `unmet` lists it, `attempt` is its entry."""

    status = 409
    title = "Not met"

    def __init__(
        self,
        sentence: str,
        *,
        hint: str = "",
        unmet: Sequence[Any] = (),
        attempt: int | None = None,
    ) -> None:
        """Keep what is unmet, and the entry under which the attempt stands."""
        super().__init__(sentence, hint=hint)
        self.unmet, self.attempt = tuple(unmet), attempt


class NotPermittedError(RefusedError):
    """This person or token may not do this."""

    title = "Not permitted"


class TooOftenError(NotPermittedError):
    """This was tried too often; later it may be tried again."""

    status = 429
    title = "Too often"


class UnverifiableError(ProductError):
    """Nothing could be judged: a key, anchor, scheme or service is missing."""

    status = 424
    exit_code = 75
    title = "Cannot be verified"


class UnknownSubjectError(ProductError):
    """Nobody has spoken of this subject."""

    status = 404
    exit_code = 66
    title = "Unknown"


class RegisterCorruptError(ProductError):
    """The register disagrees with itself: stop."""

    status = 500
    exit_code = 70
    title = "Register corrupt"
