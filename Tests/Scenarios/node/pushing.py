"""tlog-mirror by real nodes: exact statuses, types and bodies of add-checkpoint and add-entries; uploads that are cut off, come
twice or at once; and a node that pushes its own ledger to another."""

import gzip
import socket
import threading
import time
from hashlib import sha256

from follower import Follower
from formats import keys, notes, push, tree
from harness import Answer, Node, Site, event, eventually, gln
from rawclient import connect, received
from report import equal
from witness import request

NAME = "mirror.example/m"
ORIGIN = "pushed.example/log"
TEXT = "text/plain; charset=utf-8"


class Log:
    """A log that is pushed; it has several histories if asked for."""

    def __init__(self, site: Site, origin: str, key: str, count: int = 1400):
        self.origin, self.key = origin, site.key(key)
        self.entries = [b"entry %d of %s" % (place, origin.encode()) for place in range(count)]
        self.leaves = [tree.leaf_hash(entry) for entry in self.entries]

    def note(self, size: int) -> bytes:
        return notes.checkpoint(self.origin, self.leaves[:size], self.key)

    def pending(self, old: int, new: int) -> bytes:
        """A body of add-checkpoint."""
        return request(old, tree.consistency_path(old, self.leaves[:new]) if 0 < old < new else [], self.note(new))

    def body(self, start: int, end: int, ticket: bytes = b"", count: int | None = None) -> bytes:
        """A body of add-entries with all packages, or so many."""
        return push.header(self.origin, start, end, ticket) + b"".join(
            push.packages(self.entries, self.leaves, start, end)[:count])


def add_checkpoint(node: Node, body: bytes) -> Answer:
    return node.post("/mirror/add-checkpoint", body)


def add_entries(node: Node, body: bytes, **headers: str) -> Answer:
    fields = {"Content-Type": push.OCTETS} | {name.replace("_", "-"): value for name, value in headers.items()}
    return node.post("/mirror/add-entries", body, fields)


def shown(node: Node, origin: str) -> Answer:
    return node.get(f"/mirror/{sha256(origin.encode()).hexdigest()}/checkpoint")


def require_info(answer: Answer, status: int, size: int, next: int) -> bytes:
    """The ticket of an answer that says where the mirror is."""
    equal((answer.status, answer.type), (status, push.INFO), f"{answer}")
    info = push.Info.read(answer.body)
    equal((info.size, info.next), (size, next), "size and next entry")
    assert "gzip" in answer.headers.get("accept-encoding", ""), "no Accept-Encoding"
    return info.ticket


def checkpoints(report, site: Site, node: Node, log: Log) -> None:
    stranger, forged = Log(site, "stranger.example/log", "stranger"), Log(site, ORIGIN, "stranger")
    with report("add-entries before anything is pending: where the mirror is, or 422"):
        answer = add_entries(node, push.header(ORIGIN, 0, 0))
        if answer.status != 422:
            require_info(answer, 409, 0, 0)
    with report("add-checkpoint: 200 with an empty body; nothing is shown by that"):
        answer = add_checkpoint(node, log.pending(0, 600))
        equal((answer.status, answer.body), (200, b""), f"{answer}")
        equal(shown(node, ORIGIN).status, 404, "what is shown")
    table = [
        ("what can be no request", 400, b"old 600\n"),
        ("an unknown origin", 404, stranger.pending(0, 5)),
        ("no trusted key", 403, forged.pending(600, 700)),
        ("old above the size", 400, request(900, [], log.note(700))),
        ("another old size", 409, log.pending(500, 700)),
        ("a bad proof", 422, request(600, [bytes(32)], log.note(700))),
        ("another root of the same size", 422, request(600, [], notes.checkpoint(ORIGIN, log.leaves[1:601], log.key))),
    ]
    for name, status, body in table:
        with report(f"add-checkpoint of a mirror, {name}: {status}"):
            answer = add_checkpoint(node, body)
            equal(answer.status, status, f"{answer}")
            if status == 409:
                equal((answer.type, answer.body), ("text/x.tlog.size", b"600\n"), "type and body")
    with report("add-checkpoint: a newer one takes its place"):
        equal(add_checkpoint(node, log.pending(600, 700)).status, 200, "status")


def refusals(report, site: Site, node: Node, log: Log) -> None:
    packages = push.packages(log.entries, log.leaves, 0, 700)
    head = push.header(ORIGIN, 0, 700)
    other = [*log.entries[:5], b"another", *log.entries[6:]]
    false = push.packages(other, log.leaves, 0, 700)
    too_many = b"".join(len(entry).to_bytes(2, "big") + entry for entry in log.entries[:256]) + b"\x40" + bytes(64 * 32)
    table = [
        ("an unknown origin", 404, push.header("stranger.example/log", 0, 0)),
        ("an empty body", 400, b""),
        ("a header that is cut off", 400, head[:-3]),
        ("an origin that is not UTF-8", 400, b"\x00\x02\xff\xfe" + bytes(18)),
        ("a start above the end", 400, push.header(ORIGIN, 701, 700)),
        ("an end above 2^63", 400, push.header(ORIGIN, 0, 1 << 63)),
        ("no package", 400, head),
        ("a first package that is cut off", 400, head + packages[0][:-1]),
        ("64 hashes", 400, head + too_many),
        ("a bad entry", 422, head + false[0]),
        ("a bad proof", 422, head + packages[0][:-32] + bytes(32)),
        ("a package of another place", 422, head + packages[1] + packages[0]),
    ]
    for name, status, body in table:
        with report(f"add-entries, {name}: {status}"):
            answer = add_entries(node, body)
            equal((answer.status, answer.type), (status, TEXT), f"{answer}")
    with report("add-entries, another media type or coding: 415"):
        equal(node.post("/mirror/add-entries", head, {"Content-Type": "text/plain"}).status, 415, "type")
        answer = add_entries(node, head, Content_Encoding="br")
        equal((answer.status, "gzip" in answer.headers.get("accept-encoding", "")), (415, True), f"{answer}")
    with report("add-entries, GET: 405"):
        equal(node.get("/mirror/add-entries").status, 405, "status")
    with report("409: an end that is not pending, a start beyond the next entry, and the first question of a client"):
        require_info(add_entries(node, push.header(ORIGIN, 0, 0)), 409, 700, 0)
        require_info(add_entries(node, push.header(ORIGIN, 0, 650)), 409, 700, 0)
        require_info(add_entries(node, log.body(256, 700)), 409, 700, 0)
    with report("an answer that needs no body comes before the body ends"):
        for origin, wanted in [("stranger.example/log", b"404"), (ORIGIN, b"409")]:
            with connect(node) as client:
                client.sendall(b"POST /mirror/add-entries HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\n"
                               b"Content-Length: 9000000\r\n\r\n" + push.header(origin, 5, 900))
                client.settimeout(10)
                answer = client.recv(4096)
                assert answer.startswith(b"HTTP/1.1 " + wanted), f"{answer[:80]!r}"
    with report("what was refused left nothing behind"):
        require_info(add_entries(node, push.header(ORIGIN, 0, 0)), 409, 700, 0)
        equal(shown(node, ORIGIN).status, 404, "what is shown")


def uploads(report, site: Site, node: Node, log: Log) -> None:
    with report("a part: 202 and where to go on; with a bad package behind it: 422, and the part stays"):
        require_info(add_entries(node, log.body(0, 700, count=1)), 202, 700, 256)
        bad = push.header(ORIGIN, 256, 700) + push.packages(log.entries, log.leaves, 256, 700)[0] + b"\x00\x01x" * 188 + b"\x00"
        equal(add_entries(node, bad).status, 422, "status")
        ticket = require_info(add_entries(node, push.header(ORIGIN, 0, 0)), 409, 700, 512)
    with report("the rest: 200 with the mirror's cosignature alone, and only then it is shown, with the log's signature too"):
        equal(shown(node, ORIGIN).status, 404, "what is shown")
        answer = add_entries(node, log.body(512, 700, ticket))
        equal((answer.status, answer.type), (200, TEXT), f"{answer}")
        text = notes.Checkpoint.read(log.note(700)).text
        when = notes.Checkpoint.read(text + b"\n" + answer.body).require_cosignature(NAME, site.public("mirror"))
        assert abs(when - time.time()) < 30 and answer.body.count(b"\n") == 1, f"{answer}"
        follow(site, node, log, 700)
    with report("the same once more, from the beginning and from the end: 200"):
        for start in (0, 300, 700):
            equal(add_entries(node, log.body(start, 700)).status, 200, f"from {start}")
    with report("from within a bundle, as gzip, in chunks of a few bytes"):
        equal(add_checkpoint(node, log.pending(700, 1000)).status, 200, "add-checkpoint")
        body = gzip.compress(log.body(700, 1000))
        equal(add_entries(node, body, Content_Encoding="gzip").status, 200, "gzip")
        follow(site, node, log, 1000)
        equal(add_checkpoint(node, log.pending(1000, 1100)).status, 200, "add-checkpoint")
        equal(chunked(node, log.body(1000, 1100), 37), 200, "chunks")
        follow(site, node, log, 1100)
    with report("an end below what is shown: 409"):
        require_info(add_entries(node, log.body(700, 1000)), 409, 1100, 1100)
    with report("an upload to a checkpoint that is not the newest any more is taken"):
        equal(add_checkpoint(node, log.pending(1100, 1200)).status, 200, "add-checkpoint")
        equal(add_checkpoint(node, log.pending(1200, 1300)).status, 200, "add-checkpoint")
        equal(add_entries(node, log.body(1100, 1200)).status, 200, "to the older")
        follow(site, node, log, 1200)
    with report("a connection that breaks, and kill -9, in the middle: what was proved stays"):
        body = log.body(1200, 1300)
        for kill in (False, True):
            with connect(node) as client:
                client.sendall(b"POST /mirror/add-entries HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\n"
                               b"Content-Length: %d\r\n\r\n" % len(body) + body[:-40])
                time.sleep(0.5)
                if kill:
                    node.kill()
            if kill:
                node.start()
        info = push.Info.read(add_entries(node, push.header(ORIGIN, 0, 0)).body)
        equal(info.size, 1300, "pending")
        assert info.next in (1200, 1280), f"next entry {info.next}"
        equal(add_entries(node, log.body(info.next, 1300, info.ticket)).status, 200, "the rest")
        follow(site, node, log, 1300)
    with report("many clients at once with the same entries: all are answered, and the copy is whole"):
        equal(add_checkpoint(node, log.pending(1300, 1400)).status, 200, "add-checkpoint")
        statuses: list[int] = []
        threads = [threading.Thread(target=lambda: statuses.append(add_entries(node, log.body(1300, 1400)).status))
                   for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        equal(set(statuses), {200}, "statuses")
        follow(site, node, log, 1400)


def chunked(node: Node, body: bytes, size: int) -> int:
    """Sends a body in chunks; the status of the answer."""
    with connect(node) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.sendall(b"POST /mirror/add-entries HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/octet-stream\r\n"
                       b"Transfer-Encoding: chunked\r\n\r\n")
        for at in range(0, len(body), size):
            part = body[at : at + size]
            client.sendall(b"%x\r\n" % len(part) + part + b"\r\n")
        client.sendall(b"0\r\n\r\n")
        return int(received(client, 20)[0].split(b" ")[1])


def follow(site: Site, node: Node, log: Log, size: int) -> None:
    """What the mirror shows is the log at this size, with both signatures."""
    hash = sha256(log.origin.encode()).hexdigest()
    follower = Follower(f"{node.url}/mirror/{hash}", log.origin, keys.public_bytes(log.key))
    checkpoint = follower.follow()
    equal((checkpoint.size, follower.entries), (size, log.entries[:size]), "what is shown")
    checkpoint.require_cosignature(NAME, site.public("mirror"))
    follower.compare_tiles(size)


def far(report, node: Node, log: Log) -> None:
    with report("a start that is too far below the next entry: 409; 8,192 below it: taken"):
        count = len(log.entries)
        equal(add_checkpoint(node, log.pending(0, count)).status, 200, "add-checkpoint")
        require_info(add_entries(node, log.body(0, count, count=(count - 1) // 256)), 202, count, (count - 1) // 256 * 256)
        next = (count - 1) // 256 * 256
        require_info(add_entries(node, push.header(log.origin, 0, count)), 409, count, next)
        equal(add_entries(node, log.body(next - 8192, count)).status, 200, "from 8,192 below")


def own(report, site: Site) -> None:
    """A node behind a firewall: nobody can fetch from it, and its ledger is pushed to a mirror, whose cosignature it needs."""
    origin = "inside.example/ledger"
    mirror = site.node("outside", mirrors=[{"vkey": site.vkey("inside", origin)}],
                       mirror={"name": "outside.example/m", "key": site.key_file("outside")})
    mirror.start()
    vkey = site.vkey("outside", "outside.example/m", 4)
    site.token("erp")
    node = site.node(
        "inside",
        ledgers=[{"path": "farm", "origin": origin, "key": site.key_file("inside"), "tokens": [{"name": "erp", "file": "erp.token"}],
                  "capture": {"issuer": gln(1), "key": site.key_file("enterprise")}}],
        cosigners=[{"vkey": vkey, "url": f"{mirror.url}/mirror", "role": "mirror"}],
        policy=site.write("policy", f"witness m {vkey}\nquorum m\n"))
    own = Follower(f"{node.url}/farm", origin, site.public("inside"))
    copy = Follower(f"{mirror.url}/mirror/{sha256(origin.encode()).hexdigest()}", origin, site.public("inside"))

    def equal_copies(size: int) -> None:
        eventually(f"{size} entries are published", lambda: own.checkpoint().size >= size)
        checkpoint = own.follow()
        checkpoint.require_cosignature("outside.example/m", site.public("outside"))
        eventually("the copy has them", lambda: copy.checkpoint().size >= checkpoint.size)
        copy.follow()
        equal(copy.entries, own.entries, "entries of the copy")

    with report("a node pushes its ledger to a mirror, and shows what that cosigned"):
        node.start().wait("/readyz")
        for place in range(4):
            equal(node.capture("farm", "erp", *(event(f"{place}p{number}") for number in range(100))).status, 202, "capture")
        equal_copies(401)
    with report("while the mirror is away entries are taken and wait"):
        mirror.kill()
        equal(node.capture("farm", "erp", event("away")).status, 202, "capture")
        time.sleep(1.5)
        equal(own.checkpoint().size, 401, "published")
        mirror.start()
        equal_copies(402)
    with report("both killed in the middle of it, they go on"):
        for turn in range(3):
            equal(node.capture("farm", "erp", *(event(f"k{turn}p{number}") for number in range(300))).status, 202, "capture")
            mirror.restart()
            node.restart().wait("/readyz")
        equal_copies(402 + 900)


def run(report, site: Site) -> None:
    log, large = Log(site, ORIGIN, "log"), Log(site, "large.example/log", "large", 9000)
    node = site.node("mirror", mirrors=[{"vkey": site.vkey("log", ORIGIN), "depth": "tree"},
                                        {"vkey": site.vkey("large", large.origin), "depth": "tree"}],
                     mirror={"name": NAME, "key": site.key_file("mirror")})
    node.start()
    checkpoints(report, site, node, log)
    refusals(report, site, node, log)
    uploads(report, site, node, log)
    far(report, node, large)
    own(report, site)
