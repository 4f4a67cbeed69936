"""A new mirror joins late: at 100,000 entries of a log that a static server shows, and at some thousand statements of a node
that goes on writing."""

import os
import threading
import time
from hashlib import sha256
from pathlib import Path

from follower import Follower
from formats import cbor, keys, notes, statement, tree
from harness import Node, eventually, gln, number
from mirror import Server
from report import equal


def publish(folder: Path, origin: str, key, entries: list[bytes]) -> list[bytes]:
    """Writes a log as any tlog-tiles server shows it; its leaf hashes."""
    leaves = [tree.leaf_hash(entry) for entry in entries]
    for path, content in (tree.tiles(leaves) | tree.bundles(entries)).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (folder / "checkpoint").write_bytes(notes.checkpoint(origin, leaves, key))
    (folder / "checkpoint.cose").write_bytes(statement.root_signature(key, origin, tree.root(leaves)))
    return leaves


def copy_path(origin: str) -> str:
    return f"/mirror/{sha256(origin.encode()).hexdigest()}"


def mirror_of(node: Node, origin: str) -> dict:
    return next(mirror for mirror in node.status["mirrors"] if mirror["origin"] == origin)


def large(report, site) -> None:
    count, origin = number("TRACE_JOIN_ENTRIES", 100_000), "large.example/log"
    key = site.key("large")
    folder = site.home / "large"
    entries = [b"entry %d of a log that anybody may have" % place for place in range(count)]
    leaves = publish(folder, origin, key, entries)
    server = Server(site.home)
    site.cleanups.append(server.stop)
    node = site.node("late", mirrors=[{"vkey": site.vkey("large", origin), "url": f"{server.url}/large", "depth": "tree", "interval": 0.3}],
                     mirror={"name": "late.example/mirror", "key": site.key_file("mirror")})
    node.start()
    follower = Follower(node.url + copy_path(origin), origin, keys.public_bytes(key))

    with report(f"a mirror joins at {count} entries; killed in the middle, it goes on"):
        begun = time.monotonic()
        # Killed as soon as something of it is there, twice.
        for _ in range(2):
            eventually("bundles arrive", lambda: any((node.data).rglob("tile/entries/*")), 30)
            time.sleep(0.3)
            node.restart()
        eventually("all of it is there", lambda: follower.checkpoint().size == count, 240)
        print(f"      {count} entries in {time.monotonic() - begun:.1f} s, {node.rss} MiB")
        checkpoint = follower.checkpoint()
        equal(checkpoint.root, tree.root(leaves), "root")
        checkpoint.require_cosignature("late.example/mirror", site.public("mirror"))
        assert node.peak_rss < 300, f"{node.peak_rss} MiB"
    with report("its bundles and tiles are those of the log"):
        for place in {0, 1, count // 512, count // 256 - 1}:
            equal(follower.bundle(place, 256), entries[256 * place : 256 * place + 256], f"bundle {place}")
        found = [path for path in tree.tiles(leaves) if follower.fetch(path) != (folder / path).read_bytes()]
        equal(found, [], "tiles that differ")
    with report("what comes later comes too"):
        entries += [b"later %d" % place for place in range(300)]
        publish(folder, origin, key, entries)
        eventually("it is there", lambda: follower.checkpoint().size == count + 300)
        status = mirror_of(node, origin)
        equal((status["size"], status["lag"], status["failure"]), (count + 300, 0, None), f"{status}")
    with report("the copy is sound"):
        equal(node.stop(), 0, "exit")
        (copy,) = [path.parent for path in node.data.rglob("checkpoint") if (path.parent / "tile").exists()]
        site.ledger_program("fsck", copy, "--log-key", site.vkey("large", origin), "--depth", "tree", timeout=300)


class Chain:
    """Statements of one signer, each behind the one before."""

    def __init__(self, key, genesis: bytes, issuer: str):
        self.key, self.issuer, self.last = key, issuer, (0, genesis)

    def next(self, payload: bytes) -> bytes:
        entry = statement.sign(self.key, statement.NOTE, cbor.encode(payload), self.issuer, "subject", int(time.time()), self.last)
        self.last = (self.last[0] + 1, tree.leaf_hash(entry))
        return entry


def living(report, site) -> None:
    """A node with statements, which are brought as a sequence, and more while the mirror joins."""
    origin, count = "living.example/ledger", number("TRACE_JOIN_STATEMENTS", 8000)
    farm = site.node("farm", ledgers=[{"path": "farm", "origin": origin, "key": site.key_file("living"), "admission": [gln(1)],
                                       "tokens": [{"name": "loader", "file": "loader.token"}]}], limits={"anonymousRate": 0})
    headers = {"Authorization": f"Bearer {site.token('loader')}", "Content-Type": "application/cbor-seq"}
    farm.start().wait("/readyz")
    own = Follower(f"{farm.url}/farm", origin, site.public("living"))
    own.follow()
    chain = Chain(site.key("signer"), own.leaves[0], gln(1))

    def bring(more: int) -> None:
        statements = [chain.next(os.urandom(8)) for _ in range(more)]
        answer = farm.post("/farm/add", b"".join(statements), headers, timeout=240)
        equal(answer.status, 200, f"{answer}")
        lines = [line.split("\t") for line in answer.body.decode().splitlines()]
        equal([line[1:] for line in lines], [[tree.leaf_hash(entry).hex(), "new"] for entry in statements], "lines")

    with report(f"{count} statements are added as a sequence"):
        begun = time.monotonic()
        bring(count)
        print(f"      {count} statements in {time.monotonic() - begun:.1f} s")
        equal(own.follow().size, count + 1, "size")
    node = site.node("joins", mirrors=[{"vkey": site.vkey("living", origin), "url": f"{farm.url}/farm", "depth": "statements",
                                        "interval": 0.3}], mirror={"name": "joins.example/mirror", "key": site.key_file("joins")})
    with report("a mirror joins at full depth while more comes"):
        is_over = threading.Event()

        def go_on() -> None:
            while not is_over.is_set():
                bring(5)
                time.sleep(0.1)

        writer = threading.Thread(target=go_on)
        writer.start()
        try:
            node.start()
            follower = Follower(node.url + copy_path(origin), origin, site.public("living"))
            eventually("it has what was there when it joined", lambda: follower.checkpoint().size > count, 120)
        finally:
            is_over.set()
            writer.join()
        size = own.follow().size
        eventually("it has all", lambda: follower.checkpoint().size == size)
        follower.follow()
        equal(follower.entries, own.entries, "entries")
        follower.compare_tiles(size)


def run(report, site) -> None:
    large(report, site)
    living(report, site)
