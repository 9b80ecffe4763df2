"""
A verifier's conclusion about evidence that a unit's controller gave of itself.

The Attestation Result of RATS, with the trust vector of AR4SI and the level of assurance that the
scheme can reach. It ends: silence afterwards is unknown, never healthy. Does not know the evidence,
only its digest, and does not decide.
"""

from enum import StrEnum

from voltrail.ids.subject import InstrumentId, PartyId, UnitId
from voltrail.statements.fields import Digest, Fact, Instant, Many, Text, Whole


class AssuranceLevel(StrEnum):
    """How strong a proof of the running firmware can be, weakest first."""

    AL0 = "AL0"  # the unit says so
    AL1 = "AL1"  # an attested gateway observed it
    AL2 = "AL2"  # the unit proved a key that its lot or unit record binds
    AL3 = "AL3"  # the unit signed its measurements over our challenge
    AL4 = "AL4"  # the same, against the maker's signed reference values, secured, plausible


class TrustTier(StrEnum):
    """Trustworthiness tiers of AR4SI."""

    NONE = "none"
    AFFIRMING = "affirming"
    WARNING = "warning"
    CONTRAINDICATED = "contraindicated"


class TrustClaim(StrEnum):
    """The eight slots of the AR4SI trustworthiness vector."""

    INSTANCE_IDENTITY = "instance-identity"
    CONFIGURATION = "configuration"
    EXECUTABLES = "executables"
    FILE_SYSTEM = "file-system"
    HARDWARE = "hardware"
    RUNTIME_OPAQUE = "runtime-opaque"
    STORAGE_OPAQUE = "storage-opaque"
    SOURCED_DATA = "sourced-data"


class Lifecycle(StrEnum):
    """Security lifecycle of the controller, in the states of RFC 9783, section 4.3.1."""

    UNKNOWN = "unknown"
    ASSEMBLY_AND_TEST = "assembly-and-test"
    PROVISIONING = "provisioning"
    SECURED = "secured"
    NON_PSA_DEBUG = "non-psa-debug"
    RECOVERABLE_DEBUG = "recoverable-debug"
    DECOMMISSIONED = "decommissioned"


class HashAlgorithm(StrEnum):
    """How a measurement was digested; SHA-1 is read, and warned of."""

    SHA256 = "sha256"
    SHA384 = "sha384"
    SHA512 = "sha512"
    SHA1 = "sha1"


class Appraisal(Fact, frozen=True):
    """One slot of the trust vector, and why; a slot that is not listed is `none`."""

    claim: TrustClaim
    tier: TrustTier
    why: Text | None = None


class Measurement(Fact, frozen=True):
    """One measured component: digest in lower-case hexadecimal digits, version, signer."""

    component: Text
    algorithm: HashAlgorithm
    value: Text
    version: Text | None = None
    signer: Text | None = None


class AttestationResult(Fact, frozen=True):
    """What the verifier concluded about one answer of one attester, and until when it is fresh."""

    unit: UnitId
    attester: Text
    scheme: Text
    verifier: PartyId
    verifier_build: Text
    run: Whole
    level: AssuranceLevel
    status: TrustTier
    vector: Many[Appraisal]
    evidence: Digest
    appraised_at: Instant
    fresh_until: Instant
    challenge: Digest | None = None
    challenged_at: Instant | None = None
    evidence_at: Instant | None = None
    measurements: Many[Measurement] = ()
    lifecycle: Lifecycle | None = None
    gateway: InstrumentId | None = None
    reference_values: Many[Digest] = ()
    appraisal_policy: Digest | None = None

    @property
    def claim(self) -> str:
        """One result for each run over an attester's answer to one challenge."""
        return f"{self.unit} {self.challenge or self.evidence} {self.run} {self.attester}"
