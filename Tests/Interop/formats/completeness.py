"""The map of subjects, map roots (kind 65006) and subject proofs, written from Docs/Formats/traceledger.cddl."""

import hashlib

from . import cbor, notes, registry, tree
from .bundle import root_from_multiproof
from .statement import EVENT, GENESIS, RECALL, Statement, require
from .subject import (
    CHILD_QUANTITIES, CHILDREN, EPC_LIST, INPUT_QUANTITIES, INPUTS, OUTPUT_QUANTITIES, OUTPUTS, PARENT, QUANTITIES,
    bracketed, class_of, objects,
)  # fmt: skip

NAME, MAP_ROOT = "traceledger/subject-proof", 65006
WHAT = [PARENT, EPC_LIST, CHILDREN, INPUTS, OUTPUTS, QUANTITIES, CHILD_QUANTITIES, INPUT_QUANTITIES, OUTPUT_QUANTITIES]
EMPTY = hashlib.sha256(b"").digest()


def key(subject: str) -> bytes:
    return hashlib.sha256(subject.encode()).digest()


def subjects(item: Statement) -> set[str]:
    """What a statement is about."""
    if item.kind in (GENESIS, MAP_ROOT):
        return set()
    found = {item.subject}
    if item.kind == EVENT:
        event = cbor.decode(item.payload)
        for field in WHAT:
            for elements, text in objects(field, event[field]) if field in event else []:
                if elements is None:
                    found.add(text)
                    continue
                own = class_of(elements)
                found |= {bracketed(elements), bracketed(own), bracketed([e for e in own if e[0] not in (10, 22)])}
    if item.kind == RECALL:
        for scope in recall_scopes(item.payload):
            product = [(1, scope[1])]
            found |= {bracketed(product), bracketed(product + ([(10, scope[2])] if 2 in scope else []))}
    return found


def recall_scopes(payload: bytes) -> list[dict]:
    """The scopes of a recall; none where the payload is no recall's."""
    try:
        return cbor.decode(payload)[4]
    except (ValueError, LookupError, TypeError):
        return []


def value(indices: list[int]) -> bytes:
    leaves = [tree.leaf_hash(index.to_bytes(8, "big")) for index in indices]
    return hashlib.sha256(cbor.encode([len(indices), tree.root(leaves)])).digest()


def leaf(subject_key: bytes, held: bytes) -> bytes:
    return tree.leaf_hash(subject_key + held)


def bit(subject_key: bytes, depth: int) -> int:
    return subject_key[depth // 8] >> (7 - depth % 8) & 1


def sparse_root(leaves: dict[bytes, bytes], depth: int = 0) -> bytes:
    """By the definition."""
    if not leaves:
        return EMPTY
    if len(leaves) == 1:
        return leaf(*next(iter(leaves.items())))
    halves = [{k: v for k, v in leaves.items() if bit(k, depth) == side} for side in (0, 1)]
    return tree.node_hash(*(sparse_root(half, depth + 1) for half in halves))


def lists(entries: list[Statement]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, item in enumerate(entries):
        for subject in subjects(item):
            found.setdefault(subject, []).append(index)
    return found


def map_root(entries: list[Statement]) -> dict:
    """The payload that a ledger of these entries logs."""
    found = lists(entries)
    return {1: len(entries), 2: sparse_root({key(s): value(i) for s, i in found.items()}), 3: len(found)}


def verify(data: bytes, log_key: bytes) -> tuple[str, list[int], int]:
    """Subject, indices, and before which index these are all. The signatures of the entries are not looked at."""
    content = registry.open_file(data, NAME)
    require(set(content) == set(range(1, 7)), f"keys {sorted(content)}")
    subject, checkpoint = content[1], notes.Checkpoint.read(content[2])
    checkpoint.require_log_signature(log_key)
    entries = {index: Statement.read(entry) for index, entry in content[3]}
    root_index, root_entry = content[4][0], Statement.read(content[4][1])
    proved = {index: item.leaf_hash for index, item in entries.items()} | {root_index: root_entry.leaf_hash}
    require(list(proved) == sorted(proved), "not ascending")
    require(root_from_multiproof(proved, checkpoint.size, content[6]) == checkpoint.root, "not in the tree")
    root_entry.message.require_signed(log_key, root_entry.payload)
    require((root_entry.kind, root_entry.issuer) == (MAP_ROOT, checkpoint.origin), "not the ledger's map root")
    logged = cbor.decode(root_entry.payload)
    require(logged[1] <= root_index and all(index < logged[1] for index in entries), "beyond the map")
    require(all(subject in subjects(item) for item in entries.values()), "about something else")
    wanted, (siblings, *other) = key(subject), content[5]
    if entries:
        require(not other, "another leaf in a proof of presence")
        found = leaf(wanted, value(list(entries)))
    elif other:
        same = all(bit(other[0][0], depth) == bit(wanted, depth) for depth in range(len(siblings)))
        require(other[0][0] != wanted and same, "the other leaf is not on the way")
        found = leaf(*other[0])
    else:
        found = EMPTY
    for depth in reversed(range(len(siblings))):
        pair = (siblings[depth], found) if bit(wanted, depth) else (found, siblings[depth])
        found = tree.node_hash(*pair)
    require(found == logged[2], "not what the map has")
    return subject, list(entries), logged[1]
