"""A running node, read as others' clients read it: headers, tiles, bundles, proofs out of tiles, a check of everything."""

import gzip
import random

from follower import Fetch, Follower
from formats import notes, statement, tree
from harness import ask
from rawclient import connect, received
from report import equal
from tilereader import TileReader

IMMUTABLE = "immutable"


def check(report, world) -> None:
    node = world.node
    for name, kind in (("any", "opaque entries"), ("farm", "statements")):
        origin = world.origins[name]
        follower = Follower(f"{node.url}/{name}", origin, world.node_key(name))
        with report(f"{name}: a ledger of {kind} is followed as it grows, and every tile compared"):
            sizes = []
            for more in (1, 40, 300, 300):
                world.fill(name, more)
                sizes.append(follower.follow().size)
                follower.compare_tiles(sizes[-1])
            assert sizes == sorted(set(sizes)), f"sizes {sizes}"
        with report(f"{name}: the checkpoint beside it signs the same root"):
            message = statement.read_log_message(follower.fetch("checkpoint.cose"), origin)
            message.require_signed(world.node_key(name), follower.checkpoint().root)
        with report(f"{name}: whatever a full check reads is there, and what is not of the tree is not"):
            check_everything(follower)
        with report(f"{name}: inclusion and consistency proved out of tiles, with a few of them"):
            prove(follower)
    headers(report, world)


def check_everything(follower: Follower) -> None:
    """As Tessera's fsck: every resource that the checkpoint implies, derived from the bundles; no un-suffixed partial."""
    size = follower.follow().size
    for path, content in tree.bundles(follower.entries[:size]).items():
        equal(follower.fetch(path), content, path)
    for level in range(3):
        count = size >> (8 * level)
        full, width = count // 256, count % 256
        for path in [tree.tile_path(level, full), tree.tile_path(level, full + 1)] + ([] if count else [tree.tile_path(level, 0, 1)]):
            equal(follower.fetch(path), None, path)
        if width:
            equal(len(follower.fetch(tree.tile_path(level, full, width))), 32 * width, f"width {width} at level {level}")
            equal(follower.fetch(tree.tile_path(level, full, min(255, width + 1))) if width < 255 else None, None, "a partial that is not yet")
    equal(follower.fetch(tree.tile_path("entries", size // 256)), None, "an un-suffixed partial bundle")


def prove(follower: Follower) -> None:
    new = follower.follow()
    reader, chance = TileReader(follower, new.size, new.root), random.Random(1)
    for index in {0, 1, new.size - 1, *(chance.randrange(new.size) for _ in range(20))}:
        leaf = tree.leaf_hash(follower.bundle(index // 256, min(256, new.size - index // 256 * 256))[index % 256])
        equal(tree.root_from_inclusion(index, new.size, leaf, reader.inclusion(index)), new.root, f"root from {index}")
    for old in {1, 2, 3, 255, 256, 257, new.size // 2, new.size - 1}:
        old_root = tree.root(follower.leaves[:old])
        equal(tree.roots_from_consistency(old, new.size, old_root, reader.consistency(old)), (old_root, new.root), f"from {old}")


def headers(report, world) -> None:
    fetch = Fetch(f"{world.node.url}/any")
    bundle, tile = "tile/entries/000", "tile/0/000"

    def get(path: str, **more: str):
        status, body = fetch.answer(path, **more)
        return status, fetch.headers, body

    with report("media types and caching: a second for checkpoints, for ever for what is full"):
        for path, type, cached in [("checkpoint", "text/plain; charset=utf-8", "max-age=1"), ("checkpoint.cose", "application/cose", "max-age=1"),
                                   (tile, "application/octet-stream", IMMUTABLE), (bundle, "application/octet-stream", IMMUTABLE)]:
            status, found, _ = get(path)
            equal((status, found["content-type"]), (200, type), path)
            assert cached in found["cache-control"] and "etag" in found, f"{path}: {found}"
        size = notes.decimal(get("checkpoint")[2].split(b"\n")[1])
        partial = tree.tile_path(0, size // 256, size % 256)
        status, found, _ = get(partial)
        equal((status, found["content-type"]), (200, "application/octet-stream"), partial)
    with report("who accepts no gzip gets none; who does gets the same bytes"):
        plain = get(bundle)
        assert "content-encoding" not in plain[1], f"{plain[1]}"
        for accept in ("gzip", "gzip, deflate, br", "br;q=1.0, gzip;q=0.8, *;q=0.1"):
            status, found, body = get(bundle, Accept_Encoding=accept)
            assert found.get("content-encoding") == "gzip" and "accept-encoding" in found.get("vary", "").lower(), f"{found}"
            equal(gzip.decompress(body), plain[2], "the bundle")
        for refuse in ("identity", "gzip;q=0", "br", "gzip;q=0.0"):
            assert "content-encoding" not in get(bundle, Accept_Encoding=refuse)[1], refuse
        for path in (tile, "checkpoint"):
            assert "content-encoding" not in get(path)[1], path
    with report("304 for who has it already, by any list of tags"):
        for path in ("checkpoint", tile, bundle):
            tag = get(path)[1]["etag"]
            for value in (tag, f'"other", {tag}', f"W/{tag}", "*"):
                status, found, body = get(path, If_None_Match=value)
                equal((status, body, found.get("etag")), (304, b"", tag), f"{path} with {value}")
            equal(get(path, If_None_Match='"other"')[0], 200, path)
    with report("HEAD is GET without its body"):
        for path in ("checkpoint", tile, bundle, "nothing"):
            url = f"{world.node.url}/any/{path}"
            one, other = ask("GET", url), ask("HEAD", url)
            equal((other.status, other.body), (one.status, b""), path)
            for name in ("content-type", "content-length", "etag", "cache-control"):
                equal(other.headers.get(name), one.headers.get(name), f"{name} of {path}")
    with report("who asks whether to send a body (curl, above a megabyte) is told so: 100, or why not"):
        for path, length, wanted in [("/any/add", 5, b"HTTP/1.1 100"), ("/any/add", 70_000, b"HTTP/1.1 413"), ("/farm/capture", 5, b"HTTP/1.1 401")]:
            with connect(world.node) as client:
                client.sendall(b"POST %s HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n" % (path.encode(), length))
                client.settimeout(3)
                answer = client.recv(4096)
                assert answer.startswith(wanted), f"{path}: {answer[:40]!r}"
    with report("HTTP/1.0, absolute targets and a hundred requests on a connection"):
        with connect(world.node) as client:
            client.sendall(b"GET /any/checkpoint HTTP/1.0\r\n\r\n")
            answer, closed = received(client, 4)
            assert answer.startswith(b"HTTP/1.") and b" 200 " in answer[:15] and closed, f"{answer[:60]!r}, closed {closed}"
        for _ in range(100):
            equal(get("checkpoint")[0], 200, "status")
