"""
Keys inside a token, spoken to over PKCS#11: Ed25519 and P-256.

One session is kept open, and opened once more when it fails. Each signature is checked with the
public half before it is handed on. Does not know whose a key is.
"""

import hashlib
import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec.structs import replace

from voltrail.errors import MalformedError, RefusedError, SignatureInvalidError, UnverifiableError
from voltrail.trust import keys, token_library, token_uri
from voltrail.trust.key_uri import Given
from voltrail.trust.keys import Algorithm, PublicKey
from voltrail.trust.token_library import in_words, package
from voltrail.trust.token_uri import Place

# What CKA_EC_PARAMS holds: the curve's object identifier, or the name that some tokens give.
_CURVES = {
    bytes.fromhex("06082a8648ce3d030107"): Algorithm.P256,  # 1.2.840.10045.3.1.7
    bytes.fromhex("06032b6570"): Algorithm.ED25519,  # 1.3.101.112, RFC 8410
    bytes.fromhex("06092b06010401da470f01"): Algorithm.ED25519,  # 1.3.6.1.4.1.11591.15.1
    b"\x13\x0cedwards25519": Algorithm.ED25519,  # PKCS #11 v3.0, 2.3.7
}
_HALF = 32  # [bytes] of r and of s over P-256, and of an Ed25519 point
_WRAP = {34: b"\x04\x20", 67: b"\x04\x41"}  # [bytes] a point inside an OCTET STRING, X.690
_ID = 16  # [bytes] of a new key
_TRIAL = b"voltrail: the first signature of a key made in a token"


class TokenSigner:
    """A private key that never leaves its token."""

    def __init__(self, place: Place, given: Given) -> None:
        """Open a session and look for the key; says why where it is not to be had."""
        self._place, self._given, self._is_open = place, given, False
        self._library = token_library.library(place, given)
        once = _asked_once(given)
        with in_words(place):
            self._library.look_for(place)
            self._public = self._open(once)

    @property
    def public(self) -> PublicKey:
        """The public half, as the token shows it."""
        return self._public

    def sign(self, signed: bytes) -> bytes:
        """
        Return the token's signature over some bytes, once it is checked.

        Args:
            signed: the bytes to cover

        Returns:
            The signature: 64 bytes for Ed25519, DER for P-256.

        Raises:
            RefusedError: the token refuses its PIN, or holds another key than before.
            UnverifiableError: the token is gone, or what it signed does not verify.

        Source: FIPS 186-5; RFC 8032; PKCS #11 v3.0, 5.13.
        """
        with in_words(self._place):
            raw = self._signed(signed)
        try:
            signature = _formed(self.public.algorithm, raw)
            self.public.check(signature, signed)
        except SignatureInvalidError as error:
            raise UnverifiableError(
                f"What the token {self._place.named} signed does not verify.",
                hint="Do not use this key; look whether its two halves belong together.",
            ) from error
        return signature

    def _signed(self, signed: bytes) -> bytes:
        """Sign over the open session; over a new one where it is over or fails."""
        self._library.need_own()
        if self._is_open and self._generation == self._library.generation:
            try:
                return self._sign(signed)
            except package().PKCS11Error as error:
                self._is_open = False
                if type(error).__name__ in token_library.REFUSALS:
                    raise  # a wrong PIN is no dead session, and is not tried twice
        if not self._is_open:
            self._library.begin_anew()
        self._is_open = False  # until it is
        found = self._open(self._given)
        if found != self._public:
            raise RefusedError(
                f"The token {self._place.named} holds another key {self._place.key_named} now.",
                hint="Put the right token in, or enrol the new key.",
            )
        return self._sign(signed)

    def _sign(self, signed: bytes) -> bytes:
        way, what = package().Mechanism.EDDSA, signed
        if self.public.algorithm is Algorithm.P256:
            way, what = package().Mechanism.ECDSA, hashlib.sha256(signed).digest()
        if not self._asks_each_time:
            return bytes(self._key.sign(what, mechanism=way))
        return token_library.with_pin(
            self._library.token(self._place),
            self._place,
            self._given,
            lambda pin: bytes(self._key.sign(what, mechanism=way, pin=pin)),
        )

    def _open(self, given: Given) -> PublicKey:
        session = token_library.log_in(self._library, self._place, given)
        self._key, found = _halves(session, self._place)
        self._asks_each_time = bool(_attribute(self._key, "ALWAYS_AUTHENTICATE"))
        self._generation, self._is_open = self._library.generation, True
        return found


def open_key(uri: str, given: Given) -> TokenSigner:
    """
    Return the signer of a key in a token.

    Args:
        uri: pkcs11:…, as RFC 7512 writes it
        given: knows the PIN and the library

    Returns:
        The signer.

    Raises:
        MalformedError: no such URI, or a key of another scheme.
        RefusedError: the token refuses the PIN, is locked, or has two such keys.
        UnverifiableError: package, library, token or key is missing.

    Source: RFC 7512; PKCS #11 v3.0.
    """
    return TokenSigner(token_uri.parse(uri), given)


def make_key(uri: str, given: Given, algorithm: Algorithm) -> TokenSigner:
    """
    Make a key in a token that cannot be taken out again; return its signer.

    Args:
        uri: names token and, as object, the new key
        given: knows the PIN and the library
        algorithm: ed25519 or ecdsa-p256-sha256

    Returns:
        The signer, which has signed once.

    Raises:
        MalformedError: the URI names no new key.
        RefusedError: the token has such a key, takes none, or no key of this scheme is made there.
        UnverifiableError: package, library or token is missing, or does not know the scheme.

    Source: RFC 7512; PKCS #11 v3.0, 5.17.
    """
    place = token_uri.parse(uri)
    if not place.object:
        raise MalformedError("The URI names no new key.", hint="Add its name: ;object=NAME.")
    parameters = next((one for one, scheme in _CURVES.items() if scheme is algorithm), None)
    if parameters is None:
        raise RefusedError(
            f"No key of {algorithm} is made in a token.",
            hint=f"Choose {Algorithm.ED25519} or {Algorithm.P256}.",
        )
    found, once = token_library.library(place, given), _asked_once(given)
    named = replace(place, id=place.id or secrets.token_bytes(_ID))
    with in_words(place):
        found.look_for(place)
        session = token_library.log_in(found, place, once, writes=True)
        try:
            _make(session, named, algorithm, parameters)
        finally:
            session.close()
    made = TokenSigner(named, once)
    made.sign(_TRIAL)
    return made


def _make(session: Any, place: Place, algorithm: Algorithm, parameters: bytes) -> None:  # noqa: ANN401
    pkcs11 = package()
    if list(session.get_objects({pkcs11.Attribute.LABEL: place.object})):
        raise RefusedError(
            f"The token {place.named} has a key {place.object} already.", hint="Choose a new name."
        )
    kind = pkcs11.KeyType.EC if algorithm is Algorithm.P256 else pkcs11.KeyType.EC_EDWARDS
    curve = {pkcs11.Attribute.EC_PARAMS: parameters}
    guarded = {pkcs11.Attribute.SENSITIVE: True, pkcs11.Attribute.EXTRACTABLE: False}
    session.create_domain_parameters(kind, curve, local=True).generate_keypair(
        id=place.id,
        label=place.object,
        store=True,
        capabilities=pkcs11.MechanismFlag.SIGN | pkcs11.MechanismFlag.VERIFY,
        private_template=guarded,
    )


def _halves(session: Any, place: Place) -> tuple[Any, PublicKey]:  # noqa: ANN401 — of the package
    """Return the private key's handle and its public half."""
    names, kinds = package().Attribute, package().ObjectClass
    asked = {names.LABEL: place.object, names.ID: place.id}
    asked = {name: value for name, value in asked.items() if value}
    key = _only(list(session.get_objects({names.CLASS: kinds.PRIVATE_KEY, **asked})), place)
    if not hasattr(key, "sign"):  # the package gives a key what its attributes allow
        raise RefusedError(
            f"The key {place.key_named} in the token {place.named} may not sign.",
            hint="Make one for signing: voltrail key new --in URI.",
        )
    own = _attribute(key, "ID")
    pair = {names.ID: own} if own else {names.LABEL: key[names.LABEL]}
    halves = list(session.get_objects({names.CLASS: kinds.PUBLIC_KEY, **pair}))
    if not halves:
        raise UnverifiableError(
            f"The token {place.named} does not show the public half of {place.key_named}.",
            hint="Put it beside the key, under the same id.",
        )
    half = _only(halves, place)
    return key, _public(bytes(half[names.EC_PARAMS]), bytes(half[names.EC_POINT]))


def _attribute(key: Any, name: str) -> Any:  # noqa: ANN401 — of the package
    try:
        return key[getattr(package().Attribute, name)]
    except package().AttributeTypeInvalid:  # an older token knows it not
        return None


def _only(found: list[Any], place: Place) -> Any:  # noqa: ANN401 — an object of the package
    if not found:
        raise UnverifiableError(
            f"The token {place.named} has no key {place.key_named}.",
            hint="Look at its names with the token's own tool; they are told apart to the letter.",
        )
    if len(found) > 1:
        raise RefusedError(
            f"The token {place.named} has {len(found)} keys {place.key_named}.",
            hint="Name the one by its id: ;id=%01%02.",
        )
    return found[0]


def _public(parameters: bytes, point: bytes) -> PublicKey:
    wrong = MalformedError(
        "The key in the token is of no scheme that is signed with here.",
        hint=f"Use {Algorithm.ED25519} or {Algorithm.P256}.",
    )
    scheme = _CURVES.get(parameters)
    if scheme is None:
        raise wrong
    raw = point.removeprefix(_WRAP.get(len(point), b""))
    half: ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey
    try:
        if scheme is Algorithm.ED25519:
            half = ed25519.Ed25519PublicKey.from_public_bytes(raw)
        else:
            half = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    except ValueError as error:
        raise wrong from error
    return keys.parse(scheme, half.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def _formed(algorithm: Algorithm, raw: bytes) -> bytes:
    """Return a token's signature in the form that everybody checks."""
    if len(raw) != 2 * _HALF:
        raise SignatureInvalidError(f"A token's signature has {len(raw)} bytes.")
    if algorithm is Algorithm.ED25519:
        return raw
    r, s = (int.from_bytes(half, "big") for half in (raw[:_HALF], raw[_HALF:]))
    return encode_dss_signature(r, s)


def _asked_once(given: Given) -> Given:
    """Return the same, which asks for each secret once."""
    kept: dict[str, str] = {}

    def secret(what: str) -> str:
        if what not in kept:
            kept[what] = given.secret(what)
        return kept[what]

    return Given(secret, given.library)
