"""Fork evidence, written from Docs/Formats: two checkpoints of one ledger that exclude each other."""

from . import notes, registry, tree
from .statement import require

NAME = "traceledger/fork-evidence"


def roots_from_prefix(old: int, new: int, path: list[bytes]) -> tuple[bytes, bytes]:
    """The old and the new root: RFC 9162 section 2.1.4.2, where the node of a power of two is the path's first hash."""
    return tree.roots_from_consistency(old, new, path[0], path[1:] if old & (old - 1) == 0 else path)


def prefix_path(old: int, leaves: list[bytes]) -> list[bytes]:
    return tree.consistency_path(old, leaves, whole=False)


def write(smaller: bytes, larger: bytes, path: list[bytes]) -> bytes:
    return registry.file(NAME, {1: smaller, 2: larger} | ({3: path} if path else {}))


def verify(data: bytes, public: bytes) -> tuple[int, int]:
    """The two sizes at which the ledger of this key has two histories; raises where the file does not prove it."""
    content = registry.open_file(data, NAME)
    require(set(content) in ({1, 2}, {1, 2, 3}), "other keys")
    smaller, larger = notes.Checkpoint.read(content[1]), notes.Checkpoint.read(content[2])
    require(smaller.origin == larger.origin, "two origins")
    for checkpoint in (smaller, larger):
        checkpoint.require_log_signature(public)
    found = larger.root
    if smaller.size == larger.size:
        require(3 not in content and smaller.root < larger.root, "a path between equal sizes, or not in order")
    else:
        found, new = roots_from_prefix(smaller.size, larger.size, content[3])
        require(new == larger.root, "the path does not lead to the larger root")
    require(found != smaller.root, "there is no fork")
    return smaller.size, larger.size
