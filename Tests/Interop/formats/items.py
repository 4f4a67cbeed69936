"""Hidden codes, item trees and activations: formats.md sections 2 and 6; RFC 5869."""

import hashlib
import os
import time
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from . import cbor, keys, registry, tree
from .statement import ACTIVATION, Sign1, sig_structure


def item_key(seed: bytes, identity: str) -> Ed25519PrivateKey:
    """The key of the item whose hidden code has this seed."""
    derived = HKDF(SHA256(), 32, b"traceledger/item/v1", identity.encode()).derive(seed)
    return Ed25519PrivateKey.from_private_bytes(derived)


def salt(place: int, secret: bytes) -> bytes:
    return hashlib.sha256(b"traceledger/item-salt/v1" + secret + place.to_bytes(8, "big")).digest()[:16]


@dataclass
class Batch:
    """A lot of serialised items with hidden codes."""

    gtin: str
    serials: list[str]
    lot: str = "L1"
    seeds: list[bytes] = field(default_factory=list)

    def __post_init__(self):
        self.seeds = self.seeds or [os.urandom(16) for _ in self.serials]
        self.secret = os.urandom(16)
        self.salts = [salt(place, self.secret) for place in range(len(self.serials))]
        self.keys = [item_key(seed, self.identity(place)) for place, seed in enumerate(self.seeds)]
        self.items = [
            [serial, keys.public_bytes(key), salt] for serial, key, salt in zip(self.serials, self.keys, self.salts)
        ]
        self.leaves = [tree.leaf_hash(cbor.encode(item)) for item in self.items]

    def identity(self, place: int) -> str:
        return f"(01){self.gtin}(21){self.serials[place]}"

    @property
    def root(self) -> bytes:
        return tree.root(self.leaves)

    def proof(self, place: int) -> list:
        return [place, len(self.items), self.items[place], tree.inclusion_path(place, self.leaves)]

    def event(self) -> dict:
        """The event that brings them into being, in EPCIS JSON."""
        return {
            "type": "ObjectEvent", "eventTime": "2026-03-01T08:00:00.000+08:00", "eventTimeZoneOffset": "+08:00",
            "action": "ADD", "bizStep": "commissioning",
            "quantityList": [{"epcClass": f"https://id.gs1.org/01/{self.gtin}/10/{self.lot}", "quantity": len(self.items)}],
            "traceledger:items": {"count": len(self.items), "root": self.root.hex()},
        }

    def pack(self, entry: bytes, receipt: bytes, checkpoint: bytes) -> bytes:
        """The batch pack: the commissioning entry with its receipt, the checkpoint of that, and all items."""
        transparent = Sign1.read(entry).encoded({394: [receipt]})
        public = b"".join(item[1] for item in self.items)
        return registry.file("traceledger/batch-pack", {1: transparent, 2: checkpoint, 3: self.secret, 4: self.serials, 5: public})

    def activation(self, place: int, origin: str, commissioning: bytes, nonce: bytes | None = None, **changes) -> bytes:
        """The statement of an opening; `changes` make it one that does not hold: `key`, `proof`, `subject`."""
        payload = cbor.encode({
            1: origin, 2: commissioning, 3: changes.get("proof", self.proof(place)), 4: nonce or os.urandom(16),
        })
        return sign(changes.get("key", self.keys[place]), payload, changes.get("subject", self.identity(place)))


CONTEXT = {"traceledger": "https://traceledger.dev/ns/epcis#"}


def sign(key: Ed25519PrivateKey, payload: bytes, subject: str) -> bytes:
    """A statement of kind 65003: without a chain, and iss is the key itself."""
    public = keys.public_bytes(key)
    claims = {1: f"item:{public.hex()}", 2: subject, 6: int(time.time())}
    protected = cbor.encode({1: -8, 3: ACTIVATION, 4: keys.kid(public), 15: claims})
    return cbor.encode(cbor2.CBORTag(18, [protected, {}, payload, key.sign(sig_structure(protected, payload))]))
