"""Origins that lie, all at once: each of their mirrors stops or tries again, keeps what proves the lie, and shows what it
verified before; the honest one goes on meanwhile."""

import shutil
import time
from pathlib import Path

from follower import Follower
from formats import fork, keys, notes, statement, tree
from harness import Node, eventually
from joining import Chain, copy_path, mirror_of, publish
from mirror import Server, absent, answer, bomb, broken, compressed, endless, flipped, shortened, truncated
from report import equal

HELD = 300


def drip(handler, content) -> None:
    """A byte now and then."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    try:
        for place in range(len(content)):
            handler.wfile.write(content[place : place + 1])
            time.sleep(0.5)
    except OSError:
        handler.close_connection = True


def silent(handler, _) -> None:
    time.sleep(60)
    handler.close_connection = True


def garbage(handler, _) -> None:
    handler.wfile.write(b"\x00\xffthis is not HTTP\r\n\r\n" * 100)
    handler.close_connection = True


def long_headers(handler, _) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    try:
        for place in range(100_000):
            handler.wfile.write(b"X-%d: %s\r\n" % (place, b"a" * 100))
    except OSError:
        pass
    handler.close_connection = True


def elsewhere(handler, _) -> None:
    handler.send_response(302)
    handler.send_header("Location", handler.path)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def moved(handler, content) -> None:
    """Two entries change places."""
    first, second, *others = tree.read_bundle(content)
    answer(handler, b"".join(len(entry).to_bytes(2, "big") + entry for entry in (second, first, *others)))


def empty(handler, _) -> None:
    answer(handler, b"")


# What is bent, and how: the mirror does not move while it is so, and goes on afterwards.
BENT = {
    "bundle-flipped": ("tile/entries/001.p/244", flipped),
    "bundle-shortened": ("tile/entries/001.p/244", shortened),
    "bundle-truncated": ("tile/entries/001.p/244", truncated),
    "bundle-endless": ("tile/entries/001.p/244", endless),
    "bundle-bomb": ("tile/entries/001.p/244", bomb),
    "bundle-moved": ("tile/entries/001.p/244", moved),
    "bundle-empty": ("tile/entries/001.p/244", empty),
    "bundle-absent": ("tile/entries/001.p/244", absent),
    "bundle-broken": ("tile/entries/001.p/244", broken),
    "bundle-drip": ("tile/entries/001.p/244", drip),
    "checkpoint-resized": ("/checkpoint", lambda handler, content: answer(handler, content.replace(b"\n500\n", b"\n501\n"))),
    "checkpoint-unsigned": ("/checkpoint", lambda handler, content: answer(handler, content.partition(b"\n\n")[0] + b"\n\n")),
    "checkpoint-endless": ("/checkpoint", endless),
    "checkpoint-bomb": ("/checkpoint", bomb),
    "checkpoint-silent": ("/checkpoint", silent),
    "checkpoint-garbage": ("/checkpoint", garbage),
    "checkpoint-headers": ("/checkpoint", long_headers),
    "checkpoint-elsewhere": ("/checkpoint", elsewhere),
    "tile-flipped": ("tile/0/001.p/244", flipped),
    # What tlog-tiles allows: gzip that nobody asked for.
    "bundle-gzip": ("tile/entries/001.p/244", compressed),
}
# Nothing is wrong with these.
HARMLESS = {"bundle-gzip"}
# It takes half a minute, or five, until these are given up: that the mirror does not move is all that is waited for.
SLOW = {"bundle-drip", "checkpoint-silent"}
STOPS = {"fork-same": "fork", "fork-larger": "fork", "rollback": "rollback"}


def origin(name: str) -> str:
    return f"{name}.example/log"


def entries(count: int, word: str = "entry") -> list[bytes]:
    return [f"{word} {place}".encode() for place in range(count)]


def show(site, name: str, content: list[bytes]) -> None:
    publish(site.home / name, origin(name), site.key(name), content)


def make(site, server: Server) -> Node:
    names = [*BENT, *STOPS, "honest"]
    for name in names:
        show(site, name, entries(HELD))
    return site.node(
        "mirrors", mirror={"name": "mirror.example/m", "key": site.key_file("mirror")},
        mirrors=[{"vkey": site.vkey(name, origin(name)), "url": f"{server.url}/{name}", "depth": "tree", "interval": 0.3}
                 for name in names],
    )


def held(node: Node, name: str) -> bytes:
    return node.get(copy_path(origin(name)) + "/checkpoint").body


def lie(site, server: Server) -> None:
    for name, (path, bend) in BENT.items():
        show(site, name, entries(500))
        server.bent[f"{name}/{path.lstrip('/')}"] = bend
    other = entries(HELD)
    other[7] = b"another one"
    show(site, "fork-same", other)
    show(site, "fork-larger", other + entries(200, "more"))
    show(site, "rollback", entries(HELD - 100))


def lying(report, site, node: Node, server: Server) -> dict[str, bytes]:
    names = [*BENT, *STOPS]
    with report("all mirrors hold what was shown honestly"):
        for name in [*names, "honest"]:
            eventually(f"{name} is mirrored", lambda name=name: mirror_of(node, origin(name))["size"] == HELD)
    before = {name: held(node, name) for name in names}
    memory = node.rss
    # Bent before what is new is there: nobody is honest for a moment.
    for name, (path, bend) in BENT.items():
        server.bent[f"{name}/{path.lstrip('/')}"] = bend
    lie(site, server)
    with report("while all others lie, an honest ledger is mirrored on, in time"):
        for size in range(HELD + 50, HELD + 201, 50):
            show(site, "honest", entries(size))
            eventually(f"the honest one has {size}", lambda size=size: mirror_of(node, origin("honest"))["size"] == size, 20)
    for name, kind in STOPS.items():
        with report(f"{name}: the mirror stops with an alarm, and keeps both checkpoints"):
            stopped(site, node, name, kind, before[name])
    for name in BENT:
        if name in HARMLESS:
            with report(f"{name}: nothing is wrong with it"):
                eventually("it is mirrored", lambda name=name: mirror_of(node, origin(name))["size"] == 500)
            continue
        with report(f"{name}: the mirror does not move, says why, and raises no alarm"):
            if name not in SLOW:
                eventually("it says why", lambda name=name: mirror_of(node, origin(name))["failure"])
            status = mirror_of(node, origin(name))
            equal((status["size"], held(node, name)), (HELD, before[name]), f"{status}")
            assert origin(name) not in [alarm["origin"] for alarm in node.status["alarms"]], "an alarm"
    with report("memory stays bounded among endless bodies and bombs"):
        assert node.peak_rss - memory < 120, f"{memory} MiB became {node.peak_rss} MiB"
    return before


def stopped(site, node: Node, name: str, kind: str, before: bytes) -> None:
    """The mirror's own alarm names a folder; of a fork there is also a file that anybody may fetch."""

    def find() -> tuple[Path, list[str]]:
        evidence = [alarm["evidence"] for alarm in node.status["alarms"] if (alarm["origin"], alarm["kind"]) == (origin(name), kind)]
        public = [place for place in evidence if place.startswith("/evidence/")]
        (folder,) = set(evidence) - set(public)
        return Path(folder), public

    folder, public = eventually("there is an alarm", find)
    equal(held(node, name), before, "what is shown")
    ready = node.get("/readyz")
    assert ready.status == 503 and any(origin(name) in reason for reason in ready.json()["reasons"]), f"{ready}"
    key = site.public(name)
    for file in ["held.checkpoint", "shown.checkpoint"]:
        notes.Checkpoint.read((folder / file).read_bytes()).require_log_signature(key)
    assert (folder / "reason.txt").read_text(), "no reason"
    proofs = [node.get(place).body for place in public]
    if kind == "fork":
        proofs.append((folder / "fork.evidence").read_bytes())
    for proof in proofs:
        fork.verify(proof, key)
        file = site.write("some.evidence", proof)
        site.ledger_program("verify", file, "--log-key", site.vkey(name, origin(name)), code=1)
    page, metrics = node.get("/").body.decode(), node.get("/metrics").body.decode()
    assert origin(name) in page and "Alarms" in page, "the page shows no alarm"
    assert "tracenode_alarms 0" not in metrics, "the metrics count no alarm"
    equal(node.command("status", "--config", node.file).returncode, 1, "exit of status")


def repenting(report, site, node: Node, server: Server, before: dict[str, bytes]) -> None:
    with report("those that are honest again are mirrored on"):
        server.bent.clear()
        for name in STOPS:
            shutil.rmtree(site.home / name)
            show(site, name, entries(500))
        # What waiting does not mend is tried every few minutes; a start tries all of them.
        node.restart()
        for name in [*BENT, "honest"]:
            eventually(f"{name} is mirrored", lambda name=name: mirror_of(node, origin(name))["size"] == 500)
            follower = Follower(node.url + copy_path(origin(name)), origin(name), site.public(name))
            equal(follower.follow().size, 500, name)
            follower.checkpoint().require_cosignature("mirror.example/m", site.public("mirror"))
    for name, kind in STOPS.items():
        with report(f"{name}: the alarm stands after a restart, though the lie is over"):
            stopped(site, node, name, kind, before[name])
    with report("evidence that was moved away lets the mirror go on"):
        node.kill()
        for folder in list(node.data.rglob("evidence")):
            shutil.move(folder, site.home / f"seen-{folder.parent.name}")
        node.start()
        for name in STOPS:
            eventually(f"{name} is mirrored", lambda name=name: mirror_of(node, origin(name))["size"] == 500)
        equal(node.status["alarms"], [], "alarms")
        equal(node.get("/readyz").status, 200, "/readyz")


def statements(report, site, server: Server) -> None:
    """A ledger whose key signed a statement that its signer did not: found at the depths that look."""
    key, name = site.key("bad"), "bad"
    ledger = site.home / "bad-ledger"
    site.ledger_program("init", ledger, "--origin", origin(name), "--key", site.key_file(name))
    content = tree.read_bundle((ledger / "tile/entries/000.p/1").read_bytes())
    chain = Chain(site.key("signer"), tree.leaf_hash(content[0]), "9521101000009")
    content += [chain.next(b"%d" % place) for place in range(20)]
    show(site, name, content)
    node = site.node("deep", mirrors=[
        {"vkey": site.vkey(name, origin(name)), "url": f"{server.url}/{name}", "depth": "statements", "interval": 0.3}])
    node.start()
    with report("a ledger of statements made here is mirrored at full depth"):
        eventually("it is mirrored", lambda: mirror_of(node, origin(name))["size"] == 21)
    with report("a statement with a bad signature stops it; the statement is the evidence"):
        before = held(node, name)
        good = chain.next(b"forged")
        bad = good[:-1] + bytes([good[-1] ^ 1])
        show(site, name, [*content, bad])
        alarm = eventually("there is an alarm", lambda: node.status["alarms"][0])
        equal((alarm["kind"], alarm["origin"]), ("statement", origin(name)), f"{alarm}")
        equal(held(node, name), before, "what is shown")
        kept = (Path(alarm["evidence"]) / "statement.cose").read_bytes()
        equal(kept, bad, "the statement that is kept")
        statement.Statement.read(kept)
        assert not keys.is_signed(site.public("signer"), kept[-64:], statement.sig_structure(
            statement.Sign1.read(kept).protected_bytes, statement.Sign1.read(kept).payload)), "it is signed"


def run(report, site) -> None:
    server = Server(site.home)
    site.cleanups.append(server.stop)
    node = make(site, server).start()
    before = lying(report, site, node, server)
    repenting(report, site, node, server, before)
    statements(report, site, server)
