"""A ledger's directory is put back from an old backup: the node sees it in what its cosigners remember, takes no entries,
says why, serves on, and is brought up by what Docs/Operations.md says."""

import shutil

from follower import Follower
from harness import Node, event, eventually, gln
from report import equal

ORIGIN = "farm.example/ledger"


def captured(node: Node, serial: str) -> dict:
    answer = node.capture("farm", "erp", event(serial))
    equal(answer.status, 202, f"{answer}")
    return answer.json()["events"][0]


def run(report, site) -> None:
    witness = site.node("witness", witness={"name": "w.example/w", "key": site.key_file("witness"),
                                            "ledgers": [site.vkey("farm", ORIGIN)]})
    copy = site.node("copy", mirrors=[{"vkey": site.vkey("farm", ORIGIN), "url": "http://127.0.0.1:1/farm", "interval": 0.3}])
    cosigner = site.vkey("witness", "w.example/w", 4)
    site.token("erp")
    node = site.node(
        "farm",
        ledgers=[{"path": "farm", "origin": ORIGIN, "key": site.key_file("farm"), "tokens": [{"name": "erp", "file": "erp.token"}],
                  "capture": {"issuer": gln(1), "key": site.key_file("enterprise")}}],
        cosigners=[{"vkey": cosigner, "url": f"{witness.url}/witness"}],
        policy=site.write("policy", f"witness w {cosigner}\nquorum w\n"),
    )
    copy.configuration["mirrors"][0]["url"] = f"{node.url}/farm"
    copy.write()
    for some in (witness, copy, node):
        some.start()
    node.wait("/readyz")
    mirrored = copy.data / "mirror"
    follower = Follower(f"{node.url}/farm", ORIGIN, site.public("farm"))

    for number in range(5):
        captured(node, f"a{number}")
    eventually("they are published", lambda: follower.follow().size == 6)
    equal(node.stop(), 0, "exit")
    shutil.copytree(node.data / "farm", site.home / "backup")
    node.start().wait("/readyz")
    for number in range(7):
        captured(node, f"b{number}")
    eventually("they are published", lambda: follower.follow().size == 13)
    eventually("they are mirrored", lambda: copy.status["mirrors"][0]["size"] == 13)
    node.kill()
    shutil.rmtree(node.data / "farm")
    shutil.copytree(site.home / "backup", node.data / "farm")

    with report("a node whose ledger is an old backup takes no entries, and says why and what to do"):
        node.start()
        reason = eventually("it says why", lambda: next(
            reason for reason in node.get("/readyz").json()["reasons"] if "saw size 13" in reason))
        assert "--repair-from" in reason and "traceledger mirror" in reason, reason
        equal(node.get("/readyz").status, 503, "/readyz")
        answer = node.capture("farm", "erp", event("c"))
        equal((answer.status, answer.type), (503, "application/problem+json"), f"{answer}")
        equal(node.command("status", "--config", node.file).returncode, 1, "exit of status")
        assert "saw size 13" in node.log, "the log does not say why"
    with report("it serves what the backup holds, and its other endpoints answer"):
        old = Follower(f"{node.url}/farm", ORIGIN, site.public("farm"))
        equal(old.follow().size, 6, "size")
        equal(follower.entries[:6], old.entries, "entries")
        for path in ["/healthz", "/", "/status.json", "/metrics", "/farm/events?perPage=3", "/.well-known/scitt-keys"]:
            equal(node.get(path).status, 200, path)
    with report("the mirror does not follow it back: it raises the alarm, and shows what it had"):
        alarm = eventually("there is an alarm", lambda: copy.status["alarms"][0])
        equal((alarm["kind"], alarm["origin"]), ("rollback", ORIGIN), f"{alarm}")
    with report("with --offline it does not open what is not at its recorded place"):
        node.kill()
        node.start("--offline")
        reason = eventually("it says why", lambda: next(
            reason for reason in node.get("/readyz").json()["reasons"] if "--offline" in reason))
        equal(node.capture("farm", "erp", event("d")).status, 503, reason)
        node.kill()
    with report("brought up from the mirror it goes on where the others saw it"):
        (source,) = [path.parent for path in mirrored.rglob("checkpoint") if (path.parent / "tile").exists()]
        site.ledger_program("fsck", node.data / "farm", "--repair-from", source)
        node.start().wait("/readyz")
        equal(captured(node, "after")["index"], 13, "index")
        eventually("it is published", lambda: follower.follow().size == 14)
        follower.checkpoint().require_cosignature("w.example/w", site.public("witness"))
    with report("brought up by `traceledger mirror` it goes on too"):
        vkey = site.vkey("farm", ORIGIN)
        site.ledger_program("mirror", f"{node.url}/farm", site.home / "second", "--log-key", vkey)
        node.kill()
        shutil.rmtree(node.data / "farm")
        shutil.copytree(site.home / "backup", node.data / "farm")
        node.start()
        eventually("it is refused", lambda: "saw size 14" in node.get("/readyz").body.decode())
        node.kill()
        site.ledger_program("mirror", site.home / "second", node.data / "farm", "--log-key", vkey)
        node.start().wait("/readyz")
        equal(captured(node, "again")["index"], 14, "index")
    with report("a cosigner that does not answer keeps it closed, and opens it when it is back"):
        witness.kill()
        node.kill()
        node.start()
        eventually("it is closed", lambda: node.get("/readyz").status == 503)
        equal(node.capture("farm", "erp", event("e")).status, 503, "capture")
        equal(follower.follow().size >= 14, True, "it serves")
        witness.start()
        node.wait("/readyz", 60)
        captured(node, "e")

