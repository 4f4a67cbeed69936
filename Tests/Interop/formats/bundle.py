"""Evidence bundles and the multiproof in them, written from Docs/Formats/traceledger.cddl."""

from dataclasses import dataclass

from . import notes, registry, tree
from .statement import Statement, require

NAME = "traceledger/evidence-bundle"


def multiproof(indices: list[int], leaves: list[bytes]) -> list[bytes]:
    """By the definition: every part of the tree without a proved leaf is one hash, from left to right."""
    if not indices:
        return [tree.root(leaves)]
    if len(leaves) == 1:
        return []
    k = tree.split(len(leaves))
    left, right = [i for i in indices if i < k], [i - k for i in indices if i >= k]
    return multiproof(left, leaves[:k]) + multiproof(right, leaves[k:])


def root_from_multiproof(proved: dict[int, bytes], size: int, hashes: list[bytes]) -> bytes:
    """The root that leaf hashes at their indices and the hashes lead to; all hashes must be used."""
    rest = list(hashes)

    def hash(low: int, high: int, indices: list[int]) -> bytes:
        if not indices:
            require(bool(rest), "too few hashes")
            return rest.pop(0)
        if high - low == 1:
            return proved[low]
        middle = low + tree.split(high - low)
        left = hash(low, middle, [i for i in indices if i < middle])
        return tree.node_hash(left, hash(middle, high, [i for i in indices if i >= middle]))

    indices = sorted(proved)
    require(bool(indices) and 0 <= indices[0] and indices[-1] < size, "an index outside the tree")
    found = hash(0, size, indices)
    require(not rest, "too many hashes")
    return found


@dataclass
class Part:
    """What a bundle has of one ledger."""

    checkpoint: notes.Checkpoint
    entries: dict[int, Statement]
    hashes: list[bytes]
    anchors: list[tuple[notes.Checkpoint, list[bytes]]]

    def verify(self, log_key: bytes, signers: dict[bytes, bytes]) -> None:
        """Everything but the cosignatures: `signers` is the public key of each kid."""
        self.checkpoint.require_log_signature(log_key)
        proved = {index: item.leaf_hash for index, item in self.entries.items()}
        found = root_from_multiproof(proved, self.checkpoint.size, self.hashes)
        require(found == self.checkpoint.root, "the statements do not lead to the root")
        for item in self.entries.values():
            public = signers[item.message.protected[4]]
            item.message.require_signed(public, item.payload)
        for older, path in self.anchors:
            older.require_log_signature(log_key)
            roots = tree.roots_from_consistency(older.size, self.checkpoint.size, older.root, path)
            require(roots == (older.root, self.checkpoint.root), "an anchor of another history")


def read(data: bytes) -> tuple[bytes | None, bytes | None, list[Part]]:
    """Policy, registry pack and the ledgers."""
    content = registry.open_file(data, NAME)
    require(set(content) <= {1, 2, 3} and len(content[3]) > 0, "keys")
    parts = []
    for item in content[3]:
        require(set(item) in ({1, 2, 3}, {1, 2, 3, 4}), "keys of a ledger")
        indices = [index for index, _ in item[2]]
        require(indices == sorted(set(indices)) and bool(indices), "the entries do not ascend")
        anchors = [(notes.Checkpoint.read(note), path) for note, path in item.get(4, [])]
        sizes = [older.size for older, _ in anchors]
        require(sizes == sorted(set(sizes)), "the anchors do not ascend")
        entries = {index: Statement.read(entry) for index, entry in item[2]}
        parts.append(Part(notes.Checkpoint.read(item[1]), entries, item[3], anchors))
    return content.get(1), content.get(2), parts
