"""A client of tlog-tiles by our own hand: follows a log's checkpoints, fetches tiles and bundles, believes only what hashes
to what the log signed."""

import gzip
import http.client
import urllib.parse

from formats import notes, tree


class Fetch:
    """GET on one connection that stays open; what is missing is None. A coding is undone: bundles may come as gzip
    without having been asked for so (tlog-tiles)."""

    def __init__(self, url: str, timeout: float = 30):
        self.url = url.rstrip("/")
        parts = urllib.parse.urlsplit(self.url)
        self.prefix = parts.path
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
        self.headers: dict[str, str] = {}

    def __call__(self, path: str, **headers: str) -> bytes | None:
        status, body = self.answer(path, **headers)
        if status == 404:
            return None
        if status != 200:
            raise ValueError(f"{self.url}/{path}: {status} {body[:200]!r}")
        return gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body

    def answer(self, path: str, **headers: str) -> tuple[int, bytes]:
        """Status and body as they came."""
        for attempt in (1, 2):
            try:
                self.connection.putrequest("GET", f"{self.prefix}/{path}", skip_accept_encoding=True)
                for name, value in headers.items():
                    self.connection.putheader(name.replace("_", "-"), value)
                self.connection.endheaders()
                response = self.connection.getresponse()
                self.headers = {name.lower(): value for name, value in response.getheaders()}
                return response.status, response.read()
            except (http.client.HTTPException, OSError):
                # The server may have closed a connection that nobody used.
                self.connection.close()
                if attempt == 2:
                    raise
        raise AssertionError("not reached")


class Follower:
    """What is known of one log: the entries that were proved, and the last checkpoint."""

    def __init__(self, url: str, origin: str, public: bytes):
        self.fetch, self.origin, self.public = Fetch(url), origin, public
        self.entries: list[bytes] = []
        self.leaves: list[bytes] = []

    def checkpoint(self) -> notes.Checkpoint:
        """The log's latest checkpoint, its signature verified."""
        note = self.fetch("checkpoint")
        if note is None:
            raise ValueError(f"{self.fetch.url} has no checkpoint")
        checkpoint = notes.Checkpoint.read(note)
        if checkpoint.origin != self.origin:
            raise ValueError(f"the origin is {checkpoint.origin}")
        checkpoint.require_log_signature(self.public)
        return checkpoint

    def follow(self) -> notes.Checkpoint:
        """Fetches what is new. Raises where it does not extend what was proved before, or has another root."""
        checkpoint = self.checkpoint()
        if checkpoint.size < len(self.leaves):
            raise ValueError(f"a rollback from {len(self.leaves)} to {checkpoint.size}")
        entries = list(self.entries)
        first = len(entries) // 256 * 256
        for start in range(first, checkpoint.size, 256):
            bundle = self.bundle(start // 256, min(256, checkpoint.size - start))
            if bundle[: len(entries) - start] != entries[start:]:
                raise ValueError(f"bundle {start // 256} is not what it was")
            entries[start:] = bundle
        leaves = self.leaves + [tree.leaf_hash(entry) for entry in entries[len(self.leaves) :]]
        if tree.root(leaves) != checkpoint.root:
            raise ValueError(f"the entries do not hash to the root of size {checkpoint.size}")
        self.entries, self.leaves = entries, leaves
        return checkpoint

    def bundle(self, number: int, width: int) -> list[bytes]:
        """The first entries of a bundle; where its partial file is gone, the full one is there."""
        data = self._partial("entries", number, width)
        return tree.read_bundle(data)[:width]

    def tile(self, level: int, number: int, width: int) -> list[bytes]:
        data = self._partial(level, number, width)
        return [data[at : at + 32] for at in range(0, 32 * width, 32)]

    def _partial(self, level: int | str, number: int, width: int) -> bytes:
        data = self.fetch(tree.tile_path(level, number, width))
        if data is None and width < 256:
            data = self.fetch(tree.tile_path(level, number))
        if data is None:
            raise ValueError(f"{self.fetch.url} has no {tree.tile_path(level, number, width)}")
        return data

    def compare_tiles(self, size: int) -> int:
        """Fetches every hash tile of the tree of this size and compares it with the entries; how many there were."""
        wanted = tree.tiles(self.leaves[:size])
        for path, content in wanted.items():
            found = self.fetch(path)
            if found is None and ".p/" in path:
                found = self.fetch(path.partition(".p/")[0])
            if found is None or found[: len(content)] != content:
                raise ValueError(f"{path} is not what the entries make")
        return len(wanted)
