"""A disk that is full: what was acknowledged is there, what cannot be written is refused, and the node goes on by itself
when there is room again. The disk is a small tmpfs; where nobody may mount one, this is skipped."""

import os
import subprocess
from hashlib import sha256

from follower import Follower
from formats import notes, tree
from harness import event, eventually, gln, require_program
from joining import copy_path, mirror_of, publish
from mirror import Server
from report import Skipped, equal
from stopping import check_all
from witness import request

MIB = 1 << 20


class Disk:
    """A file system of so many MiB, which can be filled up."""

    def __init__(self, site, name: str, size: int):
        require_program("mount", "the disk is a tmpfs")
        self.path = site.home / name
        self.path.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}m", "none", self.path], capture_output=True, text=True)
        if done.returncode:
            raise Skipped(f"nothing can be mounted here: {done.stderr.strip()}")
        site.cleanups.append(lambda: subprocess.run(["umount", "-l", self.path], check=False))
        self.filler = self.path / "filler"

    @property
    def free(self) -> int:
        found = os.statvfs(self.path)
        return found.f_bavail * found.f_frsize

    def fill(self, leave: int = 0) -> None:
        """Leaves so many bytes free."""
        with self.filler.open("ab") as file:
            while (more := self.free - leave) > 0:
                try:
                    file.write(bytes(min(more, MIB)))
                    file.flush()
                except OSError:
                    return

    def empty(self) -> None:
        self.filler.unlink(missing_ok=True)


def writing(report, site) -> None:
    disk = Disk(site, "disk", 48)
    node = site.node("full", ledgers=[
        {"path": "any", "origin": "full.example/any", "key": site.key_file("any"), "admission": "any"},
        {"path": "farm", "origin": "full.example/farm", "key": site.key_file("farm"), "tokens": [{"name": "erp", "file": "erp.token"}],
         "capture": {"issuer": gln(1), "key": site.key_file("enterprise")}},
    ], limits={"anonymousRate": 0})
    site.token("erp")
    node.data = disk.path / "data"
    node.configuration["data"] = str(node.data)
    node.write()
    node.start().wait("/readyz")
    entries: dict[int, bytes] = {}
    events: dict[int, str] = {}
    counter = iter(range(1_000_000))

    def add(size: int = 3000) -> int:
        entry = b"%d-" % next(counter) + os.urandom(size)
        answer = node.post("/any/add", entry)
        if answer.status == 200:
            entries[int(answer.body)] = entry
        return answer.status

    def capture() -> int:
        answer = node.capture("farm", "erp", event(f"d{next(counter)}"), event(f"d{next(counter)}"))
        if answer.status == 202:
            for item in answer.json()["events"]:
                events[item["index"]] = item["leafHash"]
        return answer.status

    def check() -> None:
        check_all(node, "full.example/any", site.public("any"), entries)
        follower = Follower(f"{node.url}/farm", "full.example/farm", site.public("farm"))
        eventually("events are published", lambda: follower.follow().size > max(events))
        for index, leaf in events.items():
            equal(follower.leaves[index].hex(), leaf, f"event {index}")

    for turn, leave in enumerate([0, 20_000, 300_000], 1):
        with report(f"the disk fills up ({leave} bytes are left): refused with 503, served on"):
            equal((add(), capture()), (200, 202), "before")
            disk.fill(leave)
            statuses = [status for _ in range(120) for status in (add(), capture())]
            refused = {status for status in statuses if status not in (200, 202)}
            assert refused == {503}, f"statuses {sorted(set(statuses))}"
            assert node.is_alive()
            for path in ["/any/checkpoint", "/farm/checkpoint", "/status.json", "/", "/metrics"]:
                equal(node.get(path).status, 200, path)
            equal(node.get("/readyz").status, 503, "/readyz")
        if turn == 2:
            with report("killed and started on the full disk it serves what was published"):
                node.restart()
                for path in ["/any/checkpoint", "/farm/checkpoint"]:
                    equal(node.get(path).status, 200, path)
        with report(f"there is room again, {turn}: the node goes on by itself, nothing acknowledged is missing"):
            disk.empty()
            eventually("entries are taken", lambda: add() == 200)
            eventually("events are taken", lambda: capture() == 202)
            node.wait("/readyz")
            check()
    with report("the ledgers are sound, and so they are after a kill on the full disk"):
        disk.fill()
        for _ in range(20):
            add(), capture()
        node.kill()
        disk.empty()
        node.start().wait("/readyz")
        check()
        equal(node.stop(), 0, "exit")
        for path in ["any", "farm"]:
            site.ledger_program("fsck", node.data / path, "--log-key", site.vkey(path, f"full.example/{path}"),
                                *(["--depth", "tree"] if path == "any" else []))


def cosigning(report, site) -> None:
    disk = Disk(site, "small", 4)
    origin = "small.example/log"
    key, leaves = site.key("small"), [tree.leaf_hash(b"%d" % place) for place in range(600)]
    node = site.node("cosigner", witness={"name": "w.example/w", "key": site.key_file("witness"), "ledgers": [site.vkey("small", origin)]})
    node.data = disk.path / "data"
    node.configuration["data"] = str(node.data)
    node.write()
    node.start()

    def step(old: int, new: int):
        path = tree.consistency_path(old, leaves[:new]) if old else []
        return node.post("/witness/add-checkpoint", request(old, path, notes.checkpoint(origin, leaves[:new], key)))

    with report("a witness that cannot write cosigns nothing, and nothing is lost"):
        equal(step(0, 5).status, 200, "the first")
        disk.fill()
        answer = step(5, 7)
        equal((answer.status, b"w.example" in answer.body), (500, False), f"{answer}")
        # Whatever it remembered or not, it is not beyond 5 for others.
        held = node.get(f"/witness/{sha256(origin.encode()).hexdigest()}/checkpoint")
        equal(notes.Checkpoint.read(held.body).size, 5, "the latest")
        disk.empty()
        equal(step(5, 7).status, 200, "when there is room")
        node.restart()
        equal(step(5, 7).body, b"7\n", "after a kill")


def mirroring(report, site) -> None:
    disk = Disk(site, "copies", 6)
    origin, folder = "copied.example/log", site.home / "copied"
    entries = [b"%d-" % place + os.urandom(900) for place in range(2000)]
    publish(folder, origin, site.key("copied"), entries)
    server = Server(site.home)
    site.cleanups.append(server.stop)
    node = site.node("copier", mirrors=[{"vkey": site.vkey("copied", origin), "url": f"{server.url}/copied", "depth": "tree", "interval": 0.3}])
    node.data = disk.path / "data"
    node.configuration["data"] = str(node.data)
    node.write()
    with report("a mirror on a full disk says so and shows what it had; when there is room it goes on"):
        node.start()
        eventually("it is mirrored", lambda: mirror_of(node, origin)["size"] == 2000)
        entries += [b"%d-" % place + os.urandom(900) for place in range(2000, 4000)]
        disk.fill(100_000)
        publish(folder, origin, site.key("copied"), entries)
        eventually("it says why", lambda: mirror_of(node, origin)["failure"])
        copy = Follower(node.url + copy_path(origin), origin, site.public("copied"))
        equal(copy.follow().size, 2000, "what is shown")
        equal(node.status["alarms"], [], "alarms")
        disk.empty()
        eventually("it goes on", lambda: mirror_of(node, origin)["size"] == 4000)
        equal(copy.follow().size, 4000, "what is shown")


def run(report, site) -> None:
    for part in (writing, cosigning, mirroring):
        # Each is skipped by itself where no disk can be made.
        with report(f"disk, {part.__name__}"):
            part(report, site)
