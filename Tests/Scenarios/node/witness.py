"""tlog-witness by a real node: the transcript of another witness, the order in which the specification checks, and races."""

import os
import re
import threading
import time
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from formats import keys, notes, tree
from harness import Answer, Node
from report import Skipped, equal

VECTORS = Path(os.environ.get("TRACELEDGER_VECTORS", Path(__file__).parents[4] / "shared" / "vectors"))
SIGSUM_KEY = bytes.fromhex("ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f")
NAME = "example.com/witness"
ORIGIN = "order.example/log"
TEXT = "text/plain; charset=utf-8"


def request(old: int | str, path: list[bytes], note: bytes) -> bytes:
    return f"old {old}\n".encode() + b"".join(b64encode(hash) + b"\n" for hash in path) + b"\n" + note


class Log:
    """A log made here, which may have several histories."""

    def __init__(self, site, origin: str, key: str):
        self.origin, self.key = origin, site.key(key)
        self.leaves = [tree.leaf_hash(b"%d" % number) for number in range(64)]
        self.fork = self.leaves[:3] + [bytes(32)] + self.leaves[4:]

    def note(self, size: int, leaves: list[bytes] | None = None) -> bytes:
        return notes.checkpoint(self.origin, (leaves or self.leaves)[:size], self.key)

    def step(self, old: int, new: int, leaves: list[bytes] | None = None) -> bytes:
        """The request that takes a witness from `old` to `new`."""
        path = tree.consistency_path(old, (leaves or self.leaves)[:new]) if 0 < old < new else []
        return request(old, path, self.note(new, leaves))


def latest(node: Node, origin: str) -> Answer:
    return node.get(f"/witness/{sha256(origin.encode()).hexdigest()}/checkpoint")


def add(node: Node, body: bytes) -> Answer:
    return node.post("/witness/add-checkpoint", body)


def exchanges(text: str):
    """The requests of a hurl file: the body, the status, and what its answer must be."""
    for block in text.split("POST http://localhost:7380/add-checkpoint\n")[1:]:
        _, body, rest = re.split(r"^```\n", block, flags=re.M)[:3]
        wanted = re.search(r"HTTP (\d+)\n\[Asserts\]\nbody (contains|==) \"(.*)\"", rest)
        yield body, int(wanted[1]), wanted[2], wanted[3].encode().decode("unicode_escape").encode("latin-1").decode()


def transcript(report, node: Node) -> None:
    file = VECTORS / "torchwood-witness" / "litewitness.txt"
    if not file.exists():
        with report("litewitness's transcript"):
            raise Skipped(f"no {file}")
    steps = list(exchanges(file.read_text()))
    equal(len(steps), 9, "requests in the transcript")
    for place, (body, status, relation, text) in enumerate(steps, 1):
        # The text of v1.0.0 answers 404 to an origin that is not known; the transcript is older.
        status = 404 if text == "unknown log" else status
        if place == 2:
            # Its bad signature ends in bits that no base64 has: no signed note for us. The same in canonical base64 is.
            with report("litewitness's transcript, request 2 as it stands: 400"):
                equal(add(node, body.encode()).status, 400, "status")
            body = body.replace("WVrx6gx=", "WVrx6gw=")
        with report(f"litewitness's transcript, request {place}: {status}, {text!r}"):
            answer = add(node, body.encode())
            equal(answer.status, status, f"status of {answer}")
            found = answer.body.decode()
            assert found == text if relation == "==" else text in found, f"the body is {found!r}"
            if status == 409:
                equal(answer.type, "text/x.tlog.size", "type")


def order(report, site, node: Node, log: Log) -> None:
    """Each request is wrong in two ways: the one that is asked first decides."""
    stranger = Log(site, "stranger.example/log", "stranger")
    forged = Log(site, ORIGIN, "stranger")
    good, public = log.note(7), keys.public_bytes(log.key)
    id = keys.note_key_id(ORIGIN, 1, public)
    bad_line = notes.signature_line(ORIGIN, id, bytes(64))
    beside = notes.signature_line(ORIGIN, b"abcd", bytes(64)) + notes.signature_line("else.example", id, bytes(64))
    path = tree.consistency_path(5, log.leaves[:7])
    wrong = [bytes(32), *path[1:]]
    other = log.note(5, log.fork)

    with report("the first checkpoint is taken from old 0 with no proof"):
        answer = add(node, log.step(0, 5))
        equal((answer.status, answer.type), (200, TEXT), f"{answer}")
    held = latest(node, ORIGIN)
    table = [
        ("malformed before everything: no old line", 400, stranger.note(3)),
        ("malformed: old with a leading zero", 400, request("05", path, good)),
        ("malformed: old that is negative", 400, request("-1", path, good)),
        ("malformed: old above 2^63-1", 400, request(1 << 63, path, good)),
        ("malformed: no blank line", 400, request(5, path, good).replace(b"\n\n", b"\n", 1)),
        ("malformed: a hash of 31 bytes", 400, request(5, [bytes(31)], good)),
        ("malformed: base64 with bits that nothing holds", 400, request(5, [bytes(32)], good).replace(b"AAA=", b"AAB=", 1)),
        ("malformed: 64 hashes", 400, request(5, [bytes(32)] * 64, good)),
        ("malformed: carriage returns", 400, request(5, path, good).replace(b"\n", b"\r\n")),
        ("malformed: no signature line", 400, request(5, path, good.rsplit("—".encode(), 1)[0])),
        ("malformed: the end is cut off", 400, request(5, path, good)[:-1]),
        ("malformed: an empty body", 400, b""),
        ("malformed: not UTF-8", 400, request(5, path, good).replace(b"order", b"\xff\xfe\xfd\xfc\xfb", 1)),
        ("an unknown origin before a bad signature", 404, request(5, path, forged.note(7).replace(b"order", b"elser"))),
        ("an unknown origin before old > size", 404, request(9, [], stranger.note(7))),
        ("no trusted key before old > size", 403, request(9, [], forged.note(7))),
        ("a bad signature beside a good one before 409", 403, request(4, path, good + bad_line)),
        ("a bad signature before 422", 403, request(5, wrong, forged.note(7))),
        ("only lines of strangers", 403, request(5, path, good.rsplit("—".encode(), 1)[0] + beside)),
        ("old > size before 409", 400, request(9, [], good)),
        ("409 before a bad proof", 409, request(4, wrong, good)),
        ("409 before another root of the same size", 409, request(0, [], other)),
        ("409 where old is above what is held", 409, request(6, tree.consistency_path(6, log.leaves[:7]), good)),
        ("422: a bad proof", 422, request(5, wrong, good)),
        ("422: no proof", 422, request(5, [], good)),
        ("422: a hash too many", 422, request(5, [*path, bytes(32)], good)),
        ("422: a hash too few", 422, request(5, path[:-1], good)),
        ("422: another root of the same size", 422, request(5, [], other)),
        ("422: a proof between equal sizes", 422, request(5, [bytes(32)], log.note(5))),
        ("422: a fork that its proof proves", 422, log.step(5, 7, log.fork)),
    ]
    for name, status, body in table:
        with report(f"add-checkpoint, {name}: {status}"):
            answer = add(node, body)
            equal(answer.status, status, f"{answer}")
            if status == 409:
                equal((answer.type, answer.body), ("text/x.tlog.size", b"5\n"), "type and size")
            else:
                assert answer.type != "text/x.tlog.size", "a size where none is asked for"
                assert answer.body.endswith(b"\n") and answer.body.count(b"\n") == 1, "one line that says why"
    with report("what was refused changed nothing"):
        equal(latest(node, ORIGIN).body, held.body, "the latest checkpoint")


def accepting(report, site, node: Node, log: Log, public: bytes) -> None:
    with report("200 is the witness's cosignature lines and nothing else, which verify, dated now"):
        answer = add(node, log.step(5, 5))
        text = notes.Checkpoint.read(log.note(5)).text
        lines = answer.body.split(b"\n")
        equal((answer.status, len(lines), lines[1]), (200, 2, b""), f"{answer}")
        when = notes.Checkpoint.read(text + b"\n" + answer.body).require_cosignature(NAME, public)
        assert abs(when - time.time()) < 30, f"time {when}"
    with report("lines of others are let through and not kept, not even in the witness's name"):
        id = keys.note_key_id(NAME, 4, public)
        lies = b"".join(notes.signature_line(name, some, bytes(size)) for name, some, size in [
            (NAME, id, 72), (NAME, id, 20), ("w.example", b"wwww", 72), ("pq.example", b"mlds", 2428)] * 4)
        answer = add(node, request(5, [], log.note(5) + lies))
        equal(answer.status, 200, f"{answer}")
        found = notes.Checkpoint.read(latest(node, ORIGIN).body)
        equal([name for name, _, _ in found.signatures], [ORIGIN, NAME], "signatures that are kept")
        found.require_cosignature(NAME, public)
        found.require_log_signature(keys.public_bytes(log.key))
    with report("the monitoring path: type, HEAD, a log of which nothing was cosigned, and what is no hash"):
        good = latest(node, ORIGIN)
        equal((good.status, good.type), (200, TEXT), f"{good}")
        for path in ["0" * 64, sha256(ORIGIN.encode()).hexdigest().upper(), "x", sha256(b"empty.example/log").hexdigest()]:
            equal(node.get(f"/witness/{path}/checkpoint").status, 404, path)
        equal(node.get("/witness/add-checkpoint").status, 405, "GET of add-checkpoint")
        equal(node.get("/witness/add-checkpoint").headers.get("allow"), "POST", "Allow")
    with report("size 0 has one root; from 0 to 0 is taken; from 0 there is no proof"):
        empty = Log(site, "empty.example/log", "empty")
        text = b"empty.example/log\n0\n" + b64encode(bytes(32)) + b"\n"
        id = keys.note_key_id(empty.origin, 1, keys.public_bytes(empty.key))
        other = text + b"\n" + notes.signature_line(empty.origin, id, empty.key.sign(text))
        equal(add(node, request(0, [], other)).status, 422, "another root of size 0")
        equal(add(node, request(0, [bytes(32)], empty.note(3))).status, 422, "a proof from 0")
        equal(add(node, request(0, [], empty.note(0))).status, 200, "size 0")
        equal(add(node, empty.step(0, 3)).status, 200, "from 0 to 3")
        answer = add(node, empty.step(0, 3))
        equal((answer.status, answer.body), (409, b"3\n"), "from 0 once more")
    with report("kill -9: what was cosigned is known after it"):
        equal(add(node, log.step(5, 9)).status, 200, "to 9")
        node.restart()
        answer = add(node, log.step(5, 9))
        equal((answer.status, answer.body), (409, b"9\n"), f"{answer}")
        equal(notes.Checkpoint.read(latest(node, ORIGIN).body).size, 9, "size")


def racing(report, node: Node, log: Log) -> None:
    """Two histories are brought at once, many times: one of them may be cosigned, and it is the one that is kept."""
    with report("of two histories that race only one is cosigned"):
        cosigned: list[bytes] = []
        statuses: list[int] = []

        def bring(leaves: list[bytes]) -> None:
            answer = add(node, log.step(0, 8, leaves))
            statuses.append(answer.status)
            if answer.status == 200:
                cosigned.append(tree.root(leaves[:8]))

        threads = [threading.Thread(target=bring, args=[log.fork if place % 2 else log.leaves]) for place in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        equal(len(statuses), 40, "answers")
        assert set(statuses) <= {200, 409}, f"statuses {sorted(set(statuses))}"
        equal(len(set(cosigned)), 1, "histories that were cosigned")
        equal(notes.Checkpoint.read(latest(node, log.origin).body).root, cosigned[0], "the one that is kept")


def run(report, site) -> None:
    origin = f"sigsum.org/v1/tree/{sha256(SIGSUM_KEY).hexdigest()}"
    log, empty, race = Log(site, ORIGIN, "order"), Log(site, "empty.example/log", "empty"), Log(site, "race.example/log", "race")
    logs = [keys.vkey(some.origin, keys.public_bytes(some.key)) for some in (log, empty, race)]
    node = site.node("witness", witness={
        "name": NAME, "key": site.key_file("wit"), "ledgers": [keys.vkey(origin, SIGSUM_KEY), *logs]})
    node.start()
    transcript(report, node)
    order(report, site, node, log)
    accepting(report, site, node, log, site.public("wit"))
    racing(report, node, race)
