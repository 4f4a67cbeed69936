"""Both sides of tlog-witness against code of our own: a witness that checks what a node brings it, and a feeder that brings the
node checkpoints of logs, with proofs out of their tiles."""

import time
from base64 import b64encode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from follower import Follower
from formats import keys, notes
from harness import eventually, free_port
from report import equal
from strictwitness import StrictWitness
from tilereader import TileReader


def check(report, world) -> None:
    site, origin = world.site, "cosigned.example/log"
    names = ["w1.example/w", "w2.example/w", "w3.example/w"]
    witnesses = [StrictWitness(name, Ed25519PrivateKey.generate(), {origin: site.public("cosigned")}, free_port()) for name in names]
    for witness in witnesses:
        site.cleanups.append(witness.stop)
    first, second, third = witnesses
    policy = "".join(f"witness w{number} {witness.vkey}\n" for number, witness in enumerate(witnesses))
    node = site.node(
        "cosigned", ledgers=[{"path": "any", "origin": origin, "key": site.key_file("cosigned"), "admission": "any"}],
        cosigners=[{"vkey": witness.vkey, "url": witness.url} for witness in witnesses],
        policy=site.write("cosigned.policy", policy + "group g 2 w0 w1 w2\nquorum g\n"), limits={"anonymousRate": 0})
    follower = Follower(f"{node.url}/any", origin, site.public("cosigned"))

    def add(count: int = 1) -> None:
        for _ in range(count):
            answer = node.post("/any/add", b"%d" % time.monotonic_ns())
            equal(answer.status, 200, f"{answer}")

    def cosigners(least: int = 2) -> set[str]:
        checkpoint, found = follower.follow(), set()
        for witness in witnesses:
            if any(name == witness.name for name, _, _ in checkpoint.signatures):
                checkpoint.require_cosignature(witness.name, keys.public_bytes(witness.key))
                found.add(witness.name)
        assert len(found) >= least, f"cosigned by {found}"
        return found

    with report("a node's checkpoints are cosigned by witnesses made here, whose every check they pass"):
        node.start().wait("/readyz")
        for count in (1, 7, 30):
            add(count)
            cosigners()
        for witness in witnesses:
            eventually(f"{witness.name} cosigned too", lambda witness=witness: (add(), witness.held[origin].size == follower.follow().size)[1])
            equal(witness.faults, [], f"what {witness.name} found wrong")
    with report("lines of others in an answer are not taken over"):
        text = follower.checkpoint().text
        first.extra = notes.cosignature_line(text, "stranger.example", Ed25519PrivateKey.generate(), 1) + notes.signature_line(
            second.name, b"abcd", bytes(72))
        add(3)
        equal({name for name, _, _ in follower.follow().signatures} <= {origin, *names}, True, "names on the checkpoint")
        first.extra = b""
    with report("a witness that lost what it knew, and one that is ahead of what the node remembers, say 409 and are told right"):
        third.held.clear()
        second.held[origin] = notes.Checkpoint.read(second.notes[origin])
        node.restart().wait("/readyz")
        add(5)
        eventually("the third cosigns again", lambda: (add(), third.held[origin].size >= follower.follow().size - 1)[1])
        for witness in witnesses:
            equal(witness.faults, [], f"what {witness.name} found wrong")
    with report("two of three away: nothing is published; one back: it is, and add answers then"):
        size = follower.follow().size
        ports = [witness.server.server_port for witness in (second, third)]
        for witness in (second, third):
            witness.stop()
        answer = node.post("/any/add", b"waits", timeout=90)
        equal((answer.status, follower.checkpoint().size), (503, size), f"{answer}")
        back = StrictWitness(second.name, second.key, second.logs, ports[0])
        site.cleanups.append(back.stop)
        back.held, back.notes, witnesses[1] = second.held, second.notes, back
        eventually("it is published", lambda: follower.follow().size > size)
        add(2)
        cosigners()
        equal((back.faults, first.faults), ([], []), "what they found wrong")
    feeding(report, world)


def feeding(report, world) -> None:
    """As omniwitness and other feeders: checkpoint, what the witness holds, proof out of tiles, add-checkpoint."""
    node = world.node
    with report("checkpoints of a running ledger are fed to a node's witness, with proofs out of its tiles"):
        follower = Follower(f"{node.url}/any", world.origins["any"], world.node_key("any"))
        old = 0
        for more in (1, 3, 200, 300):
            world.fill("any", more)
            checkpoint = follower.follow()
            note = follower.fetch("checkpoint")
            path = TileReader(follower, checkpoint.size, checkpoint.root).consistency(old)
            lines = b"".join(b64encode(hash) + b"\n" for hash in path)
            answer = world.witness.post("/witness/add-checkpoint", b"old %d\n" % old + lines + b"\n" + note)
            if old == 0 and answer.status == 409:
                # It was fed before: it says from where to go on.
                equal(answer.type, "text/x.tlog.size", f"{answer}")
                old = int(answer.body)
                continue
            equal(answer.status, 200, f"{answer}")
            text = checkpoint.text + b"\n" + answer.body
            notes.Checkpoint.read(text).require_cosignature("fed.example/w", world.site.public("fed"))
            old = checkpoint.size
