"""The ring with each node in a network of its own (namespaces of Linux): cut off, split in two, slow, lossy and narrow links.
Where nobody may make namespaces this is skipped."""

import os
import subprocess
import time

from harness import Site, eventually, free_port, require_program
from relay import Relay
from report import Skipped, equal
from ring import NAMES, Ring


def command(*arguments, check: bool = True) -> subprocess.CompletedProcess:
    done = subprocess.run([str(argument) for argument in arguments], capture_output=True, text=True, timeout=30)
    if check and done.returncode:
        raise AssertionError(f"{' '.join(map(str, arguments))}: {done.stderr.strip()}")
    return done


class Network:
    """A namespace for each node, with a link to us and one to a bridge where the others are; a second bridge is the other
    side of a split."""

    def __init__(self, site, names: list[str]):
        require_program("ip", "apt-get install iproute2")
        self.names, self.tag = names, f"t{os.getpid() % 10_000}"
        self.places: dict[str, dict] = {}
        probe = command("ip", "netns", "add", f"{self.tag}p", check=False)
        if probe.returncode:
            raise Skipped(f"no network namespaces here: {probe.stderr.strip()}")
        command("ip", "netns", "delete", f"{self.tag}p")
        site.cleanups.append(self.remove)
        for side in "ab":
            command("ip", "link", "add", f"{self.tag}{side}", "type", "bridge")
            command("ip", "link", "set", f"{self.tag}{side}", "up")
        for number, name in enumerate(names, 1):
            self.add(number, name)

    def namespace(self, name: str) -> str:
        return f"{self.tag}-{name}"

    def port(self, name: str) -> str:
        """The bridge's end of a node's link."""
        return f"{self.tag}d{self.names.index(name)}"

    def add(self, number: int, name: str) -> None:
        space, ours = self.namespace(name), f"{self.tag}m{number - 1}"
        command("ip", "netns", "add", space)
        command("ip", "link", "add", ours, "type", "veth", "peer", "name", "m0", "netns", space)
        command("ip", "address", "add", f"10.231.{number}.1/30", "dev", ours)
        command("ip", "link", "set", ours, "up")
        command("ip", "link", "add", self.port(name), "type", "veth", "peer", "name", "d0", "netns", space)
        command("ip", "link", "set", self.port(name), "master", f"{self.tag}a", "up")
        command("ip", "-n", space, "address", "add", f"10.231.{number}.2/30", "dev", "m0")
        command("ip", "-n", space, "address", "add", f"10.230.0.{number}/24", "dev", "d0")
        for device in ("lo", "m0", "d0"):
            command("ip", "-n", space, "link", "set", device, "up")
        self.places[name] = {"host": f"10.231.{number}.2", "peer_host": f"10.230.0.{number}", "interface": "0.0.0.0",
                             "wrapper": ["ip", "netns", "exec", space]}

    def remove(self) -> None:
        for name in self.names:
            command("ip", "netns", "delete", self.namespace(name), check=False)
        for link in [*(f"{self.tag}{side}" for side in "ab"), *map(self.port, self.names),
                     *(f"{self.tag}m{number}" for number in range(len(self.names)))]:
            command("ip", "link", "delete", link, check=False)

    # MARK: What happens to it

    def split(self, *others: str) -> None:
        """These can reach each other and nobody else."""
        for name in self.names:
            command("ip", "link", "set", self.port(name), "master", f"{self.tag}{'b' if name in others else 'a'}")

    def heal(self) -> None:
        self.split()

    def shape(self, name: str, *what: str) -> None:
        """netem in both directions of a node's link; nothing: as it was."""
        for place in ([], ["-n", self.namespace(name)]):
            device = "d0" if place else self.port(name)
            command("tc", *place, "qdisc", "delete", "dev", device, "root", check=False)
            if what:
                done = command("tc", *place, "qdisc", "add", "dev", device, "root", "netem", *what, check=False)
                if done.returncode:
                    raise Skipped(f"no `tc netem` here: {done.stderr.strip()}")


def published(ring: Ring, name: str) -> tuple[int, int]:
    status = ring.nodes[name].status["ledgers"][0]
    return status["published"], status["committed"]


def publishes(ring: Ring, name: str, serial: str) -> None:
    assert ring.capture(name, serial), f"{name} did not take a document"
    size = max(ring.acknowledged[name]) + 1
    eventually(f"{name} publishes {size}", lambda: published(ring, name)[0] >= size)


def waits(ring: Ring, name: str, serial: str) -> None:
    """Intake goes on, publication does not."""
    before, _ = published(ring, name)
    assert ring.capture(name, serial), f"{name} did not take a document"
    time.sleep(2)
    equal(published(ring, name), (before, max(ring.acknowledged[name]) + 1), "published and committed")
    for path in ["/healthz", f"/{name}/checkpoint", "/status.json", "/"]:
        equal(ring.nodes[name].get(path).status, 200, path)


def run(report, site) -> None:
    with Site("relays") as other:
        relayed(report, other)
    with report("the ring in networks of its own"):
        network = Network(site, [*NAMES, "regulator", "witness"])
        ring = Ring(site, network.places).start()
        ring.load(3, "a")
        ring.converge(report, "in namespaces")
        cut(report, network, ring)
        slow(report, network, ring)


def relayed(report, site) -> None:
    """The same without namespaces: each node is reached through a relay that is late, narrow, and breaks connections."""
    ports = {name: free_port() for name in [*NAMES, "regulator", "witness"]}
    relays = {name: Relay(port, delay=0.05, rate=64_000, loss=0.02, seed=number)
              for number, (name, port) in enumerate(ports.items())}
    for relay in relays.values():
        site.cleanups.append(relay.stop)
    ring = Ring(site, {name: {"port": port, "peer_port": relays[name].port} for name, port in ports.items()}).start()
    with report("links that are 50 ms late, have 64 kB a second and break at one piece of fifty"):
        ring.load(10, "relayed")
    ring.converge(report, "over bad links")
    with report("they were bad"):
        assert sum(relay.resets for relay in relays.values()) > 0, "no connection was broken"


def cut(report, network: Network, ring: Ring) -> None:
    with report("an enterprise is cut off: it takes entries and waits, the others go on"):
        network.split("shop")
        waits(ring, "shop", "cut")
        publishes(ring, "farm", "cut")
        publishes(ring, "mill", "cut")
        network.heal()
    ring.converge(report, "after it was cut off")
    with report("the network is split: the side with a quorum goes on, the other takes entries and waits"):
        network.split("farm", "regulator")
        waits(ring, "farm", "split")
        publishes(ring, "mill", "split")
        publishes(ring, "shop", "split")
        time.sleep(3)
        network.heal()
    ring.converge(report, "after the split")
    with report("links that come and go many times"):
        for turn in range(8):
            network.split(*([NAMES[turn % 3]] if turn % 2 else []))
            for name in NAMES:
                assert ring.capture(name, f"flap{turn}"), f"{name} did not take a document"
            time.sleep(0.4)
        network.heal()
    ring.converge(report, "after links came and went")


def slow(report, network: Network, ring: Ring) -> None:
    with report("links with 100 ms of delay and 3 % of loss, and one of 512 kbit/s"):
        for name in network.names:
            network.shape(name, "delay", "100ms", "20ms", "loss", "3%")
        network.shape("regulator", "rate", "512kbit", "delay", "50ms")
        ring.load(3, "slow")
        ring.converge(report, "over slow links")
    for name in network.names:
        network.shape(name)
