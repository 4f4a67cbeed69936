"""Three enterprises, a regulator and a witness in a ring: each enterprise mirrors and cosigns the other two, the regulator
mirrors all three, the witness cosigns them; two of three cosignatures make a quorum."""

import threading
from hashlib import sha256

from follower import Follower
from formats import notes
from harness import Node, Site, ask, event, eventually, gln
from report import equal

NAMES = ["farm", "mill", "shop"]


def origin(name: str) -> str:
    return f"{name}.example/ledger"


def mirrored(name: str) -> str:
    """Below what a node serves its copy of an enterprise's ledger."""
    return f"/mirror/{sha256(origin(name).encode()).hexdigest()}"


class Ring:
    """The five nodes; `nodes` by name."""

    def __init__(self, site: Site, places: dict[str, dict] | None = None):
        self.site, places = site, places or {}
        self.nodes: dict[str, Node] = {}
        self.acknowledged: dict[str, dict[int, str]] = {name: {} for name in NAMES}
        logs = {name: site.vkey(f"{name}.log", origin(name)) for name in NAMES}
        for number, name in enumerate(NAMES):
            site.token(name)
            others = [other for other in NAMES if other != name]
            self.nodes[name] = site.node(
                name, **places.get(name, {}),
                ledgers=[{
                    "path": name, "origin": origin(name), "key": site.key_file(f"{name}.log"),
                    "capture": {"issuer": gln(number), "key": site.key_file(f"{name}.enterprise")},
                    "tokens": [{"name": "erp", "file": f"{name}.token"}],
                }],
                witness={"name": self.witness_name(name), "key": site.key_file(f"{name}.witness"),
                         "ledgers": [logs[other] for other in others]},
                mirror={"name": f"{name}.example/mirror", "key": site.key_file(f"{name}.mirror")},
                policy=site.write(f"{name}.policy", self.policy(name, logs[name])),
            )
        self.nodes["regulator"] = site.node(
            "regulator", **places.get("regulator", {}), mirror={"name": "regulator.example/mirror", "key": site.key_file("regulator.mirror")})
        self.nodes["witness"] = site.node("witness", **places.get("witness", {}), witness={
            "name": self.witness_name("witness"), "key": site.key_file("witness.witness"), "ledgers": list(logs.values())})
        # Ports are known now.
        for name in [*NAMES, "regulator"]:
            node = self.nodes[name]
            node.configuration["mirrors"] = [
                {"vkey": logs[other], "url": f"{self.nodes[other].peer_url}/{other}", "interval": 0.3,
                 "depth": "statements" if name == "regulator" else "chains"}
                for other in NAMES if other != name]
            if name in NAMES:
                node.configuration["cosigners"] = [
                    {"vkey": self.witness_vkey(other), "url": f"{self.nodes[other].peer_url}/witness"}
                    for other in self.cosigners(name)]
            node.write()

    @staticmethod
    def witness_name(name: str) -> str:
        return f"{name}.example/witness"

    def witness_vkey(self, name: str) -> str:
        return self.site.vkey(f"{name}.witness", self.witness_name(name), 4)

    def cosigners(self, name: str) -> list[str]:
        return [other for other in NAMES if other != name] + ["witness"]

    def policy(self, name: str, log: str) -> str:
        names = self.cosigners(name)
        lines = [f"log {log}", *(f"witness {other} {self.witness_vkey(other)}" for other in names)]
        return "\n".join([*lines, f"group two 2 {' '.join(names)}", "quorum two", ""])

    def start(self) -> "Ring":
        for node in self.nodes.values():
            node.start(wait=False)
        for node in self.nodes.values():
            node.wait("/readyz")
        return self

    # MARK: What goes in

    def capture(self, name: str, serial: str, count: int = 3) -> bool:
        """Captures so many new events; whether that was acknowledged, which is remembered."""
        events = [event(f"{serial}{number}") for number in range(count)]
        answer = self.nodes[name].capture(name, name, *events)
        if answer.status != 202:
            return False
        for item in answer.json()["events"]:
            self.acknowledged[name][item["index"]] = item["leafHash"]
        return True

    def load(self, documents: int, prefix: str) -> None:
        """All enterprises capture at once."""

        def one(name: str) -> None:
            for number in range(documents):
                assert self.capture(name, f"{prefix}{number}"), f"{name} did not take a document"

        threads = [threading.Thread(target=one, args=[name]) for name in NAMES]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    # MARK: What must come of it

    def converge(self, report, when: str, others: list[str] = NAMES) -> None:
        """Every ledger shows all that it acknowledged, with a quorum of cosignatures; every copy is the same."""
        for name in NAMES:
            with report(f"{when}: {name} shows all that it acknowledged, cosigned by a quorum"):
                follower = Follower(f"{self.nodes[name].url}/{name}", origin(name), self.site.public(f"{name}.log"))
                wanted = self.acknowledged[name]
                size = max(wanted, default=0) + 1
                eventually(f"{name} shows {size} entries", lambda: follower.checkpoint().size >= size)
                checkpoint = follower.follow()
                for index, leaf in wanted.items():
                    equal(follower.leaves[index].hex(), leaf, f"entry {index}")
                self.require_quorum(name, checkpoint)
                follower.compare_tiles(checkpoint.size)
            for other in [*(node for node in NAMES if node != name), "regulator"]:
                with report(f"{when}: {other}'s copy of {name} is the same, with its cosignature"):
                    self.compare_copy(other, name, follower)
        with report(f"{when}: every node is ready, nobody lags, there are no alarms"):
            for node in self.nodes.values():
                node.wait("/readyz")
                eventually(f"{node.name}'s mirrors have caught up",
                           lambda node=node: all(mirror["lag"] == 0 for mirror in node.status["mirrors"]))
                equal(node.status["alarms"], [], f"alarms of {node.name}")

    def require_quorum(self, name: str, checkpoint: notes.Checkpoint) -> None:
        count = 0
        for other in self.cosigners(name):
            if any(signer == self.witness_name(other) for signer, _, _ in checkpoint.signatures):
                checkpoint.require_cosignature(self.witness_name(other), self.site.public(f"{other}.witness"))
                count += 1
        assert count >= 2, f"{count} cosignatures on the checkpoint of {name}"

    def compare_copy(self, other: str, name: str, own: Follower) -> None:
        copy = Follower(self.nodes[other].url + mirrored(name), origin(name), self.site.public(f"{name}.log"))
        eventually(f"{other}'s copy of {name} has {len(own.leaves)} entries",
                   lambda: copy.checkpoint().size >= len(own.leaves))
        checkpoint = copy.follow()
        equal(copy.entries[: len(own.entries)], own.entries, "entries")
        checkpoint.require_cosignature(f"{other}.example/mirror", self.site.public(f"{other}.mirror"))
        copy.compare_tiles(checkpoint.size)


def run(report, site) -> None:
    ring = Ring(site).start()
    with report("all enterprises capture at once"):
        ring.load(8, "a")
    ring.converge(report, "all at once")

    with report("one of three cosigners is gone: publication goes on"):
        ring.nodes["witness"].kill()
        ring.load(2, "b")
        for name in NAMES:
            size = max(ring.acknowledged[name]) + 1
            eventually(f"{name} publishes", lambda: ring.nodes[name].status["ledgers"][0]["published"] >= size)
    with report("two are gone: intake goes on, publication waits, and says so"):
        ring.nodes["shop"].kill()
        before = published(ring.nodes["farm"])
        assert ring.capture("farm", "c"), "the farm did not take a document"
        status = ring.nodes["farm"].status
        equal(status["ledgers"][0]["published"], before, "published")
        equal(status["ledgers"][0]["committed"], max(ring.acknowledged["farm"]) + 1, "committed")
        eventually("it names the cosigners that do not answer",
                   lambda: sum(cosigner["failure"] is not None for cosigner in ring.nodes["farm"].status["cosigners"]) == 2)
        equal(ask("GET", f"{ring.nodes['farm'].url}/farm/checkpoint").status, 200, "the checkpoint")
    with report("they come back: what waited is published"):
        ring.nodes["shop"].start()
        ring.nodes["witness"].start()
    ring.converge(report, "after they came back")
    for node in ring.nodes.values():
        with report(f"{node.name} stops with exit 0"):
            equal(node.stop(), 0, "exit")


def published(node: Node) -> int:
    return node.status["ledgers"][0]["published"]
