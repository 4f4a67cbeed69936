"""Registries: enrolments (kind 65002), requests, packs and updates, written from Docs/Formats/traceledger.cddl and Docs/Trust.md."""

from dataclasses import dataclass, field

import cbor2

from . import cbor, keys, notes, tree
from .statement import PUBLIC_KEY, Statement, require

ENROLMENT = 65002
ENROL, ADD, RETIRE, REVOKE, CHANGE, WITHDRAW, ROTATE = range(1, 8)
KEYS_OF = {ENROL: {3, 4}, ADD: {4}, RETIRE: {5}, REVOKE: {5}, CHANGE: {3}, WITHDRAW: {7}, ROTATE: {4, 5, 6}}


def open_file(data: bytes, name: str):
    """The content of one of our files that travel."""
    item = cbor.decode(data)
    require(isinstance(item, cbor2.CBORTag) and item.tag == 55799, "not self-described CBOR")
    found, version, content = item.value
    require((found, version) == (name, 1), f"{found} version {version}")
    return content


def file(name: str, content) -> bytes:
    return cbor.encode(cbor2.CBORTag(55799, [name, 1, content]))


def possession_message(registry: str, party: str, key: bytes, use: list) -> bytes:
    return b"traceledger/possession/v1\n" + cbor.encode([registry, party, key, use])


def consent_message(registry: str, party: str, old: bytes, new: bytes, moment: int) -> bytes:
    return b"traceledger/consent/v1\n" + cbor.encode([registry, party, old, new, moment])


def request_message(fields: list) -> bytes:
    return b"traceledger/enrolment-request/v1\n" + cbor.encode(fields)


def grant(private, registry: str, party: str, moment: int) -> dict:
    """A key for events, with its proof of possession, made here."""
    public = keys.public_bytes(private)
    return {1: public, 2: moment, 4: private.sign(possession_message(registry, party, public, [0]))}


def request(private, registry: str, created: int, enrolment: dict) -> bytes:
    fields = [registry, created, cbor.encode(enrolment), keys.public_bytes(private)]
    return file("traceledger/enrolment-request", [*fields, private.sign(request_message(fields))])


@dataclass
class Key:
    public: bytes
    start: int
    use: list
    entry: int
    end: dict | None = None
    end_entry: int | None = None
    revoked: bool = False


@dataclass
class Party:
    identifier: str
    data: dict
    keys: list[Key] = field(default_factory=list)
    withdrawn: int | None = None


class Registry:
    """The fold over a registry's entries."""

    def __init__(self, origin: str):
        self.origin = origin
        self.parties: list[Party] = []
        self.findings: list[int] = []
        self.size = 0
        self.signers: dict[bytes, bytes] = {}
        self.heads: dict[bytes, tuple[int, bytes]] = {}
        self.genesis = b""

    def party(self, identifier: str) -> Party | None:
        return next((party for party in self.parties if party.identifier == identifier), None)

    def append(self, entry: bytes) -> None:
        item, index = Statement.read(entry), self.size
        self.size += 1
        kid = item.message.protected[4]
        key = self._link(item, kid)
        if item.kind == ENROLMENT and not self._enrol(item, key, index):
            self.findings.append(index)

    def _link(self, item: Statement, kid: bytes) -> bytes:
        """The signing key, where the entry continues its signer's chain."""
        sequence, previous = item.chain
        if sequence == 0:
            key = item.message.protected[PUBLIC_KEY]
            require(keys.kid(key) == kid and key not in self.heads, "a chain that begins twice")
            if self.genesis:
                require(previous == self.genesis, "another ledger's genesis")
            else:
                self.genesis = item.leaf_hash
            self.signers[kid] = key
        else:
            key = self.signers[kid]
            require(self.heads[key] == (sequence - 1, previous), "not the entry before it")
        self.heads[key] = (sequence, item.leaf_hash)
        return key

    def _enrol(self, item: Statement, key: bytes, index: int) -> bool:
        try:
            item.message.require_signed(key, item.payload)
            payload = cbor.decode(item.payload)
            action, party = payload[1], payload[2]
            require(set(payload) - {1, 2} == KEYS_OF[action], "other keys than the action has")
            self._require_authority(item, key, payload)
            for offer in payload.get(4, []):
                message = possession_message(self.origin, party, offer[1], offer.get(3, [0]))
                require(keys.is_signed(offer[1], offer[4], message), "no possession")
                self._require_ledger(offer, party)
                require(all(offer[1] != known.public for p in self.parties for known in p.keys), "a key twice")
            self._apply(action, party, payload, index)
        except (ValueError, KeyError, StopIteration):
            return False
        return True

    def _require_authority(self, item: Statement, key: bytes, payload: dict) -> None:
        if not self.parties:
            own = [offer[1] for offer in payload.get(4, []) if 3 not in offer]
            require(payload[1] == ENROL and item.issuer == payload[2] and key in own, "not the authority's own")
            return
        authority = self.parties[0]
        require(item.issuer == authority.identifier, "not the authority")
        require(any(k.public == key and k.use == [0] and k.end is None for k in authority.keys), "an ended key")

    def _require_ledger(self, offer: dict, party: str) -> None:
        use = offer.get(3, [0])
        if use[0] != 1:
            return
        owners = {p.identifier for p in self.parties if p.withdrawn is None for known in p.keys if known.use == use}
        if use[1] == self.origin and self.parties:
            owners.add(self.parties[0].identifier)
        require(owners <= {party}, "another's ledger")

    def _apply(self, action: int, name: str, payload: dict, index: int) -> None:
        party = self.party(name)
        offers = [Key(o[1], o[2], o.get(3, [0]), index) for o in payload.get(4, [])]
        if action in (ENROL, CHANGE):
            taken = {p for other in self.parties if other is not party and other.withdrawn is None for p in other.data.get(2, [])}
            require(not taken & set(payload[3].get(2, [])), "a prefix twice")
        if action == ENROL:
            require(party is None or party.withdrawn is not None, "enrolled twice")
            if party is None:
                self.parties.append(Party(name, payload[3], offers))
            else:
                party.data, party.withdrawn = payload[3], None
                party.keys += offers
            return
        require(party is not None and (party.withdrawn is None or action == REVOKE), "not enrolled")
        if action == ROTATE:
            end, offer = payload[5], payload[4][0]
            old = next(k for k in party.keys if k.public == end[1])
            require(old.use == offers[0].use, "another use")
            message = consent_message(self.origin, name, end[1], offer[1], end[2])
            require(keys.is_signed(end[1], payload[6], message), "no consent")
        if action in (RETIRE, REVOKE, ROTATE):
            known = next(k for k in party.keys if k.public == payload[5][1])
            require(known.end is None or action == REVOKE, "ended before")
            end = dict(payload[5])
            if known.end is not None:
                end[2] = min(end[2], known.end[2])
            known.end, known.end_entry, known.revoked = end, index, action == REVOKE
        if action == CHANGE:
            party.data = payload[3]
        if action == WITHDRAW:
            party.withdrawn = payload[7]
            for known in party.keys:
                if known.end is None:
                    known.end, known.end_entry = {1: known.public, 2: payload[7]}, index
        party.keys += offers


def read_pack(data: bytes, log_key: bytes) -> Registry:
    """The registry in a pack, whose checkpoint `log_key` signed."""
    content = open_file(data, "traceledger/registry-pack")
    require(set(content) in ({1, 2}, {1, 2, 3}), f"keys {sorted(content)}")
    checkpoint = notes.Checkpoint.read(content[1])
    checkpoint.require_log_signature(log_key)
    require(len(content[2]) == checkpoint.size, "as many entries as the checkpoint says")
    require(tree.root([tree.leaf_hash(entry) for entry in content[2]]) == checkpoint.root, "the root")
    registry = Registry(checkpoint.origin)
    for entry in content[2]:
        registry.append(entry)
    return registry
