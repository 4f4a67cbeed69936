"""The tree of RFC 6962 and RFC 9162 by their recursive definitions, and the files of C2SP tlog-tiles v0.1.0."""

from hashlib import sha256

EMPTY = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def root(leaves: list[bytes]) -> bytes:
    """MTH over leaf hashes."""
    if not leaves:
        return EMPTY
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node_hash(root(leaves[:k]), root(leaves[k:]))


def inclusion_path(index: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return inclusion_path(index, leaves[:k]) + [root(leaves[k:])]
    return inclusion_path(index - k, leaves[k:]) + [root(leaves[:k])]


def consistency_path(old: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    if old == len(leaves):
        return [] if whole else [root(leaves)]
    k = split(len(leaves))
    if old <= k:
        return consistency_path(old, leaves[:k], whole) + [root(leaves[k:])]
    return consistency_path(old - k, leaves[k:], False) + [root(leaves[:k])]


def root_from_inclusion(index: int, size: int, leaf: bytes, path: list[bytes]) -> bytes:
    """RFC 9162 section 2.1.3.2."""
    if index >= size:
        raise ValueError("the index is not in the tree")
    fn, sn, result = index, size - 1, leaf
    for hash in path:
        if sn == 0:
            raise ValueError("the path is too long")
        if fn & 1 or fn == sn:
            result = node_hash(hash, result)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            result = node_hash(result, hash)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise ValueError("the path is too short")
    return result


def roots_from_consistency(old: int, new: int, old_root: bytes, path: list[bytes]) -> tuple[bytes, bytes]:
    """RFC 9162 section 2.1.4.2: the old and the new root that the path leads to."""
    if not 0 < old < new or not path:
        raise ValueError("no consistency proof between these sizes")
    hashes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = hashes[0]
    for hash in hashes[1:]:
        if sn == 0:
            raise ValueError("the path is too long")
        if fn & 1 or fn == sn:
            first, second = node_hash(hash, first), node_hash(hash, second)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = node_hash(second, hash)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise ValueError("the path is too short")
    return first, second


def tile_path(level: int | str, number: int, width: int = 256) -> str:
    groups = [f"{number % 1000:03}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03}")
    return f"tile/{level}/{'/'.join(groups)}" + (f".p/{width}" if width < 256 else "")


def tiles(leaves: list[bytes]) -> dict[str, bytes]:
    """Every hash tile of the tree at this size, the partial ones at the right edge included."""
    files, level, nodes = {}, 0, leaves
    while nodes:
        for start in range(0, len(nodes), 256):
            tile = nodes[start : start + 256]
            files[tile_path(level, start // 256, len(tile))] = b"".join(tile)
        nodes = [root(nodes[start : start + 256]) for start in range(0, len(nodes) - 255, 256)]
        level += 1
    return files


def read_bundle(data: bytes) -> list[bytes]:
    entries, at = [], 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        if at + 2 + length > len(data):
            raise ValueError("the bundle ends within an entry")
        entries.append(data[at + 2 : at + 2 + length])
        at += 2 + length
    return entries


def bundles(entries: list[bytes]) -> dict[str, bytes]:
    files = {}
    for start in range(0, len(entries), 256):
        part = entries[start : start + 256]
        content = b"".join(len(entry).to_bytes(2, "big") + entry for entry in part)
        files[tile_path("entries", start // 256, len(part))] = content
    return files
