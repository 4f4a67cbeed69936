"""SIGTERM while requests run, and SIGHUP: what is accepted is answered, what is configured anew counts."""

import http.client
import os
import signal
import threading
import time

from follower import Follower
from formats import notes
from harness import Node, ask_on, event, eventually, number
from rawclient import connect, received, request
from report import equal


class Load:
    """Many clients that add entries; what each was answered."""

    def __init__(self, node: Node, path: str, clients: int):
        self.node, self.path = node, path
        self.acknowledged: dict[int, bytes] = {}
        self.refused: list[int] = []
        self.cut: list[bytes] = []
        self.strange: list[str] = []
        self.is_over = False
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.run, args=[place]) for place in range(clients)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.is_over = True
        for thread in self.threads:
            thread.join(timeout=60)

    def run(self, place: int) -> None:
        connection, count = None, 0
        while not self.is_over:
            entry = f"{place}-{count}-{os.urandom(6).hex()}".encode()
            count += 1
            try:
                if connection is None:
                    connection = http.client.HTTPConnection("127.0.0.1", self.node.port, timeout=30)
                    connection.connect()
            except OSError:
                # Nobody listens (any more, or yet): nothing was accepted.
                connection = None
                time.sleep(0.05)
                continue
            try:
                answer = ask_on(connection, "POST", self.path, entry)
            except (OSError, http.client.HTTPException):
                with self.lock:
                    self.cut.append(entry)
                connection.close()
                connection = None
                continue
            with self.lock:
                if answer.status == 200:
                    index = int(answer.body)
                    if self.acknowledged.setdefault(index, entry) != entry:
                        self.strange.append(f"two entries have the index {index}")
                else:
                    self.refused.append(answer.status)
            if answer.headers.get("connection", "").lower() == "close":
                connection.close()
                connection = None
            elif answer.status != 200:
                time.sleep(0.05)


def check_all(node: Node, origin: str, public: bytes, acknowledged: dict[int, bytes], path: str = "any") -> int:
    """Follows the ledger and finds every entry that was acknowledged; its size."""
    follower = Follower(f"{node.url}/{path}", origin, public)
    size = max(acknowledged, default=0) + 1
    eventually(f"{node.name} shows {size} entries", lambda: follower.checkpoint().size >= size)
    checkpoint = follower.follow()
    for index, entry in acknowledged.items():
        equal(follower.entries[index], entry, f"entry {index}")
    return checkpoint.size


def terminated(report, site) -> None:
    node = site.node("term", ledgers=[{"path": "any", "origin": "any.example/log", "key": site.key_file("any"), "admission": "any"}],
                     limits={"anonymousRate": 0})
    node.start().wait("/readyz")
    acknowledged: dict[int, bytes] = {}
    for turn in range(number("TRACE_TERMS", 5)):
        with report(f"SIGTERM while 24 clients add entries, {turn + 1}: exit 0, whoever was accepted is answered"):
            with Load(node, "/any/add", 24) as load:
                eventually("the load runs", lambda: len(load.acknowledged) > 60)
                begun = time.monotonic()
                equal(node.stop(40), 0, "exit")
                lasted = time.monotonic() - begun
            acknowledged |= load.acknowledged
            equal(load.strange, [], "strange answers")
            assert set(load.refused) <= {503}, f"refused with {sorted(set(load.refused))}"
            assert lasted < 30, f"it took {lasted:.0f} s"
            node.start().wait("/readyz")
            follower = Follower(f"{node.url}/any", "any.example/log", site.public("any"))
            follower.follow()
            # A connection may be closed just when a request is on its way to it: then nothing of it was accepted.
            taken = [entry for entry in load.cut if entry in set(follower.entries)]
            equal(taken, [], "entries that were taken and not answered")
    with report("all that was acknowledged is there"):
        check_all(node, "any.example/log", site.public("any"), acknowledged)
    with report("a request whose body is on its way at SIGTERM is answered"):
        with connect(node) as client:
            data = request("POST", "/any/add", b"slowly-" + os.urandom(20).hex().encode())
            client.sendall(data[:-10])
            time.sleep(0.2)
            node.signal(signal.SIGTERM)
            time.sleep(0.3)
            client.sendall(data[-10:])
            answer, _ = received(client, 20)
            assert answer.startswith(b"HTTP/1.1 200") or answer.startswith(b"HTTP/1.1 503"), f"{answer[:80]!r}"
        equal(node.process.wait(30), 0, "exit")
    with report("idle connections do not keep it from stopping, nor do those that say nothing"):
        node.start().wait("/readyz")
        idle = [connect(node) for _ in range(5)]
        idle[0].sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        idle[1].sendall(b"GET /healthz HT")
        time.sleep(0.2)
        begun = time.monotonic()
        equal(node.stop(40), 0, "exit")
        assert time.monotonic() - begun < 20, f"it took {time.monotonic() - begun:.0f} s"
        for client in idle:
            client.close()
    with report("SIGINT is the same as SIGTERM"):
        node.start().wait("/readyz")
        node.signal(signal.SIGINT)
        equal(node.process.wait(30), 0, "exit")


def reloaded(report, site) -> None:
    first, second = ((f"{name}.example/log", site.key(name)) for name in ["first", "second"])
    vkeys = [site.vkey(name, f"{name}.example/log") for name in ["first", "second"]]
    node = site.node("hup", witness={"name": "w.example/w", "key": site.key_file("witness"), "ledgers": vkeys[:1]})
    node.start()

    def add(log) -> int:
        body = b"old 0\n\n" + notes.checkpoint(log[0], [bytes(32)], log[1])
        return node.post("/witness/add-checkpoint", body).status

    with report("SIGHUP: another ledger is witnessed, one that is not any more is not"):
        equal((add(first), add(second)), (200, 404), "before")
        node.configuration["witness"]["ledgers"] = vkeys[1:]
        node.write()
        node.signal(signal.SIGHUP)
        eventually("the second is witnessed", lambda: add(second) in (200, 409))
        equal(add(first), 404, "the first")
        equal([log["origin"] for log in node.status["witness"]["ledgers"]], [second[0]], "ledgers in the status")
    with report("SIGHUP: what was cosigned of a ledger is remembered while it is not witnessed"):
        node.configuration["witness"]["ledgers"] = vkeys
        node.write()
        node.signal(signal.SIGHUP)
        eventually("the first is witnessed again", lambda: add(first) == 409)
    with report("SIGHUP with a mistake in the file: nothing changes, and the log says why"):
        good = node.configuration
        node.configuration = good | {"witness": good["witness"] | {"ledgers": []}, "nonsense": 1}
        node.write()
        node.signal(signal.SIGHUP)
        eventually("it is logged", lambda: "nonsense" in node.log)
        equal(add(first), 409, "the first is still witnessed")
        node.configuration = good
        node.write()
    with report("SIGHUP many times at once does no harm"):
        for _ in range(50):
            node.signal(signal.SIGHUP)
        eventually("it answers", node.is_alive)
    with report("SIGHUP: a cosigner and a policy come, and publication waits for them from then on"):
        cosigners_change(site, node)


def cosigners_change(site, witness: Node) -> None:
    """A ledger without cosigners gets one, then a strict policy with one that is not there, then the first again."""
    farm = site.node("cosigned", ledgers=[{"path": "any", "origin": "cosigned.example/log", "key": site.key_file("cosigned"),
                                           "admission": "any"}],
                     cosigners=[], policy=site.write("policy", "quorum none\n"), limits={"anonymousRate": 0})
    log, cosigner = site.vkey("cosigned", "cosigned.example/log"), site.vkey("witness", "w.example/w", 4)
    witness.configuration["witness"]["ledgers"].append(log)
    witness.write()
    witness.signal(signal.SIGHUP)
    site.write("policy", f"witness w {cosigner}\nquorum none\n")
    farm.configuration["cosigners"] = [{"vkey": cosigner, "url": f"{witness.url}/witness"}]
    farm.write()
    farm.start().wait("/readyz")
    equal(farm.post("/any/add", b"one").status, 200, "without a quorum")
    site.write("policy", f"witness w {cosigner}\nquorum w\n")
    farm.signal(signal.SIGHUP)
    follower = Follower(f"{farm.url}/any", "cosigned.example/log", site.public("cosigned"))

    def is_cosigned() -> bool:
        assert farm.post("/any/add", os.urandom(8)).status == 200
        checkpoint = follower.follow()
        return any(name == "w.example/w" for name, _, _ in checkpoint.signatures)

    eventually("the checkpoint carries the cosignature", is_cosigned)
    follower.checkpoint().require_cosignature("w.example/w", site.public("witness"))
    witness.kill()
    size = follower.checkpoint().size
    answer = farm.post("/any/add", b"unpublished", timeout=60)
    assert answer.status in (200, 503), f"{answer}"
    equal(answer.status == 200, follower.checkpoint().size > size, "an acknowledgement says that it is published")
    witness.start()
    eventually("publication goes on", lambda: farm.post("/any/add", b"again").status == 200)
    equal(farm.stop(), 0, "exit")


def run(report, site) -> None:
    terminated(report, site)
    reloaded(report, site)
