"""Bodies of tlog-mirror's `add-entries`, and what a mirror says of itself; written from the specification."""

from dataclasses import dataclass

from . import notes, tree

INFO = "text/x.tlog.mirror-info"
OCTETS = "application/octet-stream"


def subtree_path(start: int, end: int, leaves: list[bytes], known: bool = True) -> list[bytes]:
    """The subtree consistency proof of [start, end) in the tree of `leaves` (draft-ietf-plants-merkle-tree-certs,
    "Subtree Consistency Proofs")."""
    count = len(leaves)
    if start == 0 and end == count:
        return [] if known else [tree.root(leaves)]
    k = tree.split(count)
    if end <= k:
        return subtree_path(start, end, leaves[:k], known) + [tree.root(leaves[k:])]
    if start >= k:
        return subtree_path(start - k, end - k, leaves[k:], known) + [tree.root(leaves[:k])]
    return subtree_path(0, end - k, leaves[k:], False) + [tree.root(leaves[:k])]


def header(origin: str, start: int, end: int, ticket: bytes = b"") -> bytes:
    name = origin.encode()
    return (len(name).to_bytes(2, "big") + name + start.to_bytes(8, "big") + end.to_bytes(8, "big")
            + len(ticket).to_bytes(2, "big") + ticket)


def packages(entries: list[bytes], leaves: list[bytes], start: int, end: int) -> list[bytes]:
    """The canonical sequence of [start, end), proved against the tree of the first `end` leaves."""
    found = []
    for first in range(start // 256 * 256, end, 256) if start < end else []:
        low, high = max(start, first), min(end, first + 256)
        path = subtree_path(first, high, leaves[:end])
        found.append(b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries[low:high])
                     + bytes([len(path)]) + b"".join(path))
    return found


@dataclass
class Info:
    """The three lines of a 202 or 409."""

    size: int
    next: int
    ticket: bytes

    @staticmethod
    def read(data: bytes) -> "Info":
        notes.require(data.endswith(b"\n") and data.count(b"\n") == 3, "not three lines")
        size, next, ticket, _ = data.split(b"\n")
        return Info(notes.decimal(size), notes.decimal(next), notes.base64(ticket))
