"""Ed25519 keys by `cryptography` (OpenSSL), and their names: kid and vkey."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from . import cbor

RAW = serialization.Encoding.Raw, serialization.PublicFormat.Raw
SPKI = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo


def load_private(path: Path) -> Ed25519PrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


def save_private(key: Ed25519PrivateKey, path: Path) -> Path:
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    path.chmod(0o600)
    return path


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(*RAW)


def public_pem(public: bytes) -> bytes:
    return Ed25519PublicKey.from_public_bytes(public).public_bytes(*SPKI)


def thumbprint(public: bytes) -> bytes:
    """RFC 9679: SHA-256 of the required parameters alone, in deterministic CBOR."""
    return sha256(cbor.encode({1: 1, -1: 6, -2: public})).digest()


def kid(public: bytes) -> bytes:
    return thumbprint(public)[:8]


def note_key_id(name: str, kind: int, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def vkey(name: str, public: bytes, kind: int = 1) -> str:
    return f"{name}+{note_key_id(name, kind, public).hex()}+{b64encode(bytes([kind]) + public).decode()}"


def is_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True
