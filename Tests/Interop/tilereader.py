"""Proofs out of tiles alone, as Go's sumdb client (`tlog.TileHashReader`) and the feeders of witnesses make them: every tile that
is read is first proved against the root of the tree that is looked at."""

from follower import Follower
from formats import tree


class TileReader:
    """A tree of one size and root, behind a follower's URL."""

    def __init__(self, follower: Follower, size: int, root: bytes):
        self.follower, self.size, self.root = follower, size, root
        self.tiles: dict[tuple[int, int], list[bytes]] = {}
        # The hashes of complete subtrees at the right edge lead to the root: what comes from elsewhere leads there too.
        if self.range_hash(0, size) != root:
            raise ValueError(f"the tiles do not lead to the root of size {size}")

    def _tile(self, level: int, number: int) -> list[bytes]:
        key = (level, number)
        if key not in self.tiles:
            width = min(256, (self.size >> (8 * level)) - 256 * number)
            self.tiles[key] = self.follower.tile(level, number, width)
        return self.tiles[key]

    def node(self, level: int, number: int) -> bytes:
        """The hash of the complete subtree of 2^level leaves at this place."""
        tile_level, within = level // 8, level % 8
        first = number << within
        tile = self._tile(tile_level, first // 256)
        hashes = tile[first % 256 : first % 256 + (1 << within)]
        found = tree.root(hashes)
        # A full tile below is summed up in the tile above: the two must agree.
        if tile_level > 0 and within == 0:
            below = self.tiles.get((tile_level - 1, first))
            if below is not None and tree.root(below) != found:
                raise ValueError(f"tile/{tile_level} and tile/{tile_level - 1} disagree at {first}")
        return found

    def range_hash(self, start: int, end: int) -> bytes:
        """MTH of the leaves [start, end), a subtree of the tree."""
        count = end - start
        if count & (count - 1) == 0:
            level = count.bit_length() - 1
            return self.node(level, start >> level)
        k = tree.split(count)
        return tree.node_hash(self.range_hash(start, start + k), self.range_hash(start + k, end))

    def inclusion(self, index: int) -> list[bytes]:
        path, start, end = [], 0, self.size
        while end - start > 1:
            k = tree.split(end - start)
            if index < start + k:
                path.append(self.range_hash(start + k, end))
                end = start + k
            else:
                path.append(self.range_hash(start, start + k))
                start += k
        return path[::-1]

    def consistency(self, old: int) -> list[bytes]:
        def go(wanted: int, start: int, end: int, whole: bool) -> list[bytes]:
            if wanted == end - start:
                return [] if whole else [self.range_hash(start, end)]
            k = tree.split(end - start)
            if wanted <= k:
                return go(wanted, start, start + k, whole) + [self.range_hash(start + k, end)]
            return go(wanted - k, start + k, end, False) + [self.range_hash(start, start + k)]

        return go(old, 0, self.size, True) if 0 < old < self.size else []
