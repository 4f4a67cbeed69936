"""A ledger that shows two histories to two nodes: neither sees a lie by itself, and comparing what they saw proves it."""

import signal

from formats import fork, notes, tree
from harness import Node, eventually
from joining import copy_path, mirror_of, publish
from mirror import Server
from report import equal
from witness import request

ORIGIN = "two-faced.example/log"


def alarms(node: Node) -> list[dict]:
    return [alarm for alarm in node.status["alarms"] if alarm["origin"] == ORIGIN]


def require_proof(site, node: Node) -> bytes:
    """The node has an alarm, and serves what proves it to anybody."""
    alarm = eventually(f"{node.name} has an alarm", lambda: alarms(node)[0])
    equal(alarm["kind"], "fork", f"{alarm}")
    proof = node.get(alarm["evidence"])
    equal(proof.status, 200, f"{alarm}")
    fork.verify(proof.body, site.public("two-faced"))
    file = site.write("split.evidence", proof.body)
    said = site.ledger_program("verify", file, "--log-key", site.vkey("two-faced", ORIGIN), code=1)
    assert "fork" in said, said
    equal(node.get("/readyz").status, 503, "/readyz")
    return proof.body


def run(report, site) -> None:
    server = Server(site.home)
    site.cleanups.append(server.stop)
    same = [b"%d" % place for place in range(300)]
    histories = {"left": same + [b"left %d" % place for place in range(150)], "right": same + [b"right %d" % place for place in range(90)]}
    nodes: dict[str, Node] = {}
    vkey = site.vkey("two-faced", ORIGIN)
    for name in histories:
        publish(site.home / name, ORIGIN, site.key("two-faced"), same)
        nodes[name] = site.node(
            name, mirrors=[{"vkey": vkey, "url": f"{server.url}/{name}", "depth": "tree", "interval": 0.3}],
            mirror={"name": f"{name}.example/m", "key": site.key_file(f"{name}.mirror")},
            witness={"name": f"{name}.example/w", "key": site.key_file(f"{name}.witness"), "ledgers": [vkey]}, watchSeconds=1)
    left, right = nodes["left"], nodes["right"]
    left.configuration["watch"] = [f"{right.url}/mirror"]
    left.write()
    for node in nodes.values():
        node.start()
    with report("as long as it shows the same to both there is no alarm"):
        for node in nodes.values():
            eventually("it is mirrored", lambda node=node: mirror_of(node, ORIGIN)["size"] == 300)
        equal([alarms(node) for node in nodes.values()], [[], []], "alarms")
    with report("two histories: whoever looks at the other's copy has the proof, keeps what it verified, and goes on with others"):
        for name, content in histories.items():
            publish(site.home / name, ORIGIN, site.key("two-faced"), content)
        other = (site.home / "right/checkpoint").read_bytes()
        proof = require_proof(site, left)
        shown = left.get(copy_path(ORIGIN) + "/checkpoint").body.split(b"\n")[1]
        assert shown in (b"300", b"450"), f"size {shown}"
        equal(left.is_alive(), True, "it answers")
    with report("the alarm and its evidence are there after a restart, and in the metrics and on the page"):
        left.restart()
        equal(require_proof(site, left), proof, "evidence")
        assert "tracenode_alarms 0" not in left.get("/metrics").body.decode()
        assert ORIGIN in left.get("/").body.decode()
    with report("the other is told by SIGHUP whom to watch, and has it when its copy is as long as what it was shown"):
        equal(alarms(right), [], "alarms")
        right.configuration["watch"] = [f"{left.url}/mirror"]
        right.write()
        right.signal(signal.SIGHUP)
        publish(site.home / "right", ORIGIN, site.key("two-faced"), histories["right"] + [b"grown %d" % place for place in range(200)])
        require_proof(site, right)
    with report("a checkpoint that is brought to a node's witness is compared with its copy"):
        third = site.node("third", mirrors=[{"vkey": vkey, "url": f"{server.url}/left", "depth": "tree", "interval": 0.3}],
                          witness={"name": "third.example/w", "key": site.key_file("third.witness"), "ledgers": [vkey]})
        third.start()
        eventually("it is mirrored", lambda: mirror_of(third, ORIGIN)["size"] == 450)
        answer = third.post("/witness/add-checkpoint", request(0, [], other))
        equal(answer.status, 200, f"{answer}")
        require_proof(site, third)
    with report("two checkpoints that are brought to a witness and exclude each other: 422, and the proof is kept"):
        fourth = site.node("fourth", witness={"name": "fourth.example/w", "key": site.key_file("fourth.witness"), "ledgers": [vkey]})
        fourth.start()
        leaves = {name: [tree.leaf_hash(entry) for entry in content] for name, content in histories.items()}
        first = notes.checkpoint(ORIGIN, leaves["left"][:390], site.key("two-faced"))
        equal(fourth.post("/witness/add-checkpoint", request(0, [], first)).status, 200, "the first")
        answer = fourth.post("/witness/add-checkpoint", request(390, [], other))
        equal(answer.status, 422, f"{answer}")
        require_proof(site, fourth)
