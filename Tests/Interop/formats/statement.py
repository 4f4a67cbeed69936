"""Statements, receipts and root signatures: formats.md sections 2 and 3; RFC 9052, RFC 9942, RFC 9943."""

from dataclasses import dataclass

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from . import cbor, keys, tree

CHAIN, PUBLIC_KEY = -65601, -65602
GENESIS, EVENT, ACTIVATION, RECALL, NOTE = 65000, 65001, 65003, 65004, 65005


class BadMessage(ValueError):
    pass


def require(condition: bool, reason: str) -> None:
    if not condition:
        raise BadMessage(reason)


def sig_structure(protected: bytes, payload: bytes) -> bytes:
    return cbor.encode(["Signature1", protected, b"", payload])


@dataclass
class Sign1:
    protected_bytes: bytes
    protected: dict
    unprotected: dict
    payload: bytes | None
    signature: bytes

    @staticmethod
    def read(data: bytes) -> "Sign1":
        item = cbor.decode(data)
        # cbor2 reads the same item: its tag 18 is a plain CBORTag.
        other = cbor.decode_with_cbor2(data)
        require(isinstance(item, cbor2.CBORTag) and item.tag == 18 and other.tag == 18, "not tagged 18")
        require(item.value == list(other.value), "cbor2 reads it otherwise")
        require(isinstance(item.value, list) and len(item.value) == 4, "not an array of four")
        protected, unprotected, payload, signature = item.value
        require(isinstance(protected, bytes) and isinstance(unprotected, dict), "headers of the wrong types")
        require(payload is None or isinstance(payload, bytes), "a payload that is no byte string")
        require(isinstance(signature, bytes) and len(signature) == 64, "a signature that has not 64 bytes")
        header = cbor.decode(protected)
        require(isinstance(header, dict), "a protected header that is no map")
        require(header.get(1) in (-8, -19), "an algorithm that is not Ed25519")
        return Sign1(protected, header, unprotected, payload, signature)

    def require_signed(self, public: bytes, payload: bytes) -> None:
        require(self.protected.get(4) == keys.kid(public), "another key's kid")
        good = keys.is_signed(public, self.signature, sig_structure(self.protected_bytes, payload))
        require(good, "the signature does not verify")

    def encoded(self, unprotected: dict) -> bytes:
        return cbor.encode(cbor2.CBORTag(18, [self.protected_bytes, unprotected, self.payload, self.signature]))


@dataclass
class Statement:
    """One entry, its header checked field by field."""

    entry: bytes
    message: Sign1

    @staticmethod
    def read(entry: bytes) -> "Statement":
        require(len(entry) <= 65535, "longer than 65535 bytes")
        message = Sign1.read(entry)
        require(message.unprotected == {} and message.payload is not None, "not an entry: header or payload")
        header = message.protected
        require(set(header) <= {1, 3, 4, 15, CHAIN, PUBLIC_KEY}, f"labels {sorted(header)}")
        require(header[1] == -8, "written with an algorithm other than -8")
        require(isinstance(header[3], int) and header[3] >= 0, "a kind that is no uint")
        require(isinstance(header[4], bytes) and len(header[4]) == 8, "a kid that has not 8 bytes")
        claims = header[15]
        require(set(claims) == {1, 2, 6}, f"claims {sorted(claims)}")
        require(isinstance(claims[1], str) and isinstance(claims[2], str), "iss or sub that is no text")
        require(isinstance(claims[6], int) and 0 <= claims[6] < 1 << 63, "iat that is no time")
        require((CHAIN in header) == (header[3] != ACTIVATION), "activations have no chain, and all others have one")
        if header[3] == ACTIVATION:
            require(PUBLIC_KEY not in header, "a public key without a chain")
            return Statement(entry, message)
        sequence, previous = header[CHAIN]
        require(isinstance(sequence, int) and sequence >= 0 and len(previous) == 32, "no chain link")
        require((PUBLIC_KEY in header) == (sequence == 0), "the public key stands in the entry with seq 0 only")
        return Statement(entry, message)

    @property
    def kind(self) -> int:
        return self.message.protected[3]

    @property
    def issuer(self) -> str:
        return self.message.protected[15][1]

    @property
    def subject(self) -> str:
        return self.message.protected[15][2]

    @property
    def chain(self) -> tuple[int, bytes]:
        return tuple(self.message.protected[CHAIN])

    @property
    def public_key(self) -> bytes | None:
        return self.message.protected.get(PUBLIC_KEY)

    @property
    def payload(self) -> bytes:
        return self.message.payload

    @property
    def leaf_hash(self) -> bytes:
        return tree.leaf_hash(self.entry)


def sign(
    key: Ed25519PrivateKey, kind: int, payload: bytes, issuer: str, subject: str, time: int, chain: tuple[int, bytes]
) -> bytes:
    """A statement made here, the bytes of one entry."""
    public = keys.public_bytes(key)
    header = {1: -8, 3: kind, 4: keys.kid(public), 15: {1: issuer, 2: subject, 6: time}, CHAIN: list(chain)}
    if chain[0] == 0:
        header[PUBLIC_KEY] = public
    protected = cbor.encode(header)
    signature = key.sign(sig_structure(protected, payload))
    return cbor.encode(cbor2.CBORTag(18, [protected, {}, payload, signature]))


def split_transparent(data: bytes) -> tuple[bytes, list[bytes]]:
    """The entry that a transparent statement holds, and its receipts."""
    message = Sign1.read(data)
    require(set(message.unprotected) == {394}, "the unprotected header is not {394: receipts}")
    receipts = message.unprotected[394]
    require(isinstance(receipts, list) and receipts and all(isinstance(r, bytes) for r in receipts), "no receipts")
    return message.encoded({}), receipts


def read_log_message(data: bytes, origin: str) -> Sign1:
    """A receipt or root signature, its protected header checked."""
    message = Sign1.read(data)
    expected = {1: -8, 4: message.protected.get(4), 15: {1: origin, 2: origin}, 395: 1}
    require(message.protected == expected and message.payload is None, "not the header of a receipt")
    return message


def root_signature(key: Ed25519PrivateKey, origin: str, root: bytes) -> bytes:
    """A root signature made here: what lies beside a checkpoint."""
    protected = cbor.encode({1: -8, 4: keys.kid(keys.public_bytes(key)), 15: {1: origin, 2: origin}, 395: 1})
    return cbor.encode(cbor2.CBORTag(18, [protected, {}, None, key.sign(sig_structure(protected, root))]))


def proof(message: Sign1, label: int) -> list:
    require(set(message.unprotected) == {396}, "the unprotected header is not {396: proofs}")
    proofs = message.unprotected[396]
    require(isinstance(proofs, dict) and set(proofs) == {label} and len(proofs[label]) == 1, "not one proof")
    value = cbor.decode(proofs[label][0])
    require(isinstance(value, list) and len(value) == 3, "a proof that is no array of three")
    first, second, path = value
    require(isinstance(first, int) and isinstance(second, int) and 0 <= min(first, second), "sizes that are no uint")
    require(max(first, second) < 1 << 63, "a size above 2^63-1")
    require(isinstance(path, list) and 1 <= len(path) <= 64, "an empty path, or one too long")
    require(all(isinstance(hash, bytes) and len(hash) == 32 for hash in path), "hashes that are not hashes")
    return value


def verify_receipt(data: bytes, entry: bytes, origin: str, log_key: bytes) -> tuple[int, int, bytes]:
    """RFC 9942: size, index and root of an inclusion receipt for `entry`."""
    message = read_log_message(data, origin)
    size, index, path = proof(message, -1)
    root = tree.root_from_inclusion(index, size, tree.leaf_hash(entry), path)
    message.require_signed(log_key, root)
    return size, index, root


def verify_consistency(data: bytes, old_root: bytes, origin: str, log_key: bytes) -> tuple[int, int, bytes]:
    """RFC 9942: both sizes and the new root of a consistency receipt."""
    message = read_log_message(data, origin)
    old, new, path = proof(message, -2)
    first, second = tree.roots_from_consistency(old, new, old_root, path)
    require(first == old_root, "the path does not lead to the old root")
    message.require_signed(log_key, second)
    return old, new, second
