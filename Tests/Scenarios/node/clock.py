"""Clocks that are an hour off: a cosigner's, which the ledger's node does not believe where it is ahead, and a node's own."""

import http.server
import threading
import time
from datetime import datetime

from follower import Follower
from formats import notes
from harness import Node, event, eventually, free_port, gln, require_program
from report import equal

HOUR = 3600


class Cosigner:
    """Cosigns whatever it is brought, with the clock that it is told; other than a real one it checks nothing."""

    def __init__(self, site, name: str):
        self.offset = 0
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                self.send_error(404)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                note = body[body.index(b"\n\n") + 2 :]
                text = notes.Checkpoint.read(note).text
                line = notes.cosignature_line(text, name, site.key(name), int(time.time()) + outer.offset)
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; charset=utf-8")
                self.send_header("Content-Length", str(len(line)))
                self.end_headers()
                self.wfile.write(line)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        site.cleanups.append(self.server.shutdown)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


def ledger(site, name: str, cosigner: str, url: str) -> Node:
    """A node with one ledger, whose checkpoints this cosigner has to sign."""
    site.token(name)
    vkey = site.vkey(cosigner, cosigner, 4)
    return site.node(
        name,
        ledgers=[{"path": "farm", "origin": f"{name}.example/ledger", "key": site.key_file(f"{name}-ledger"),
                  "capture": {"issuer": gln(1), "key": site.key_file(f"{name}-enterprise")},
                  "tokens": [{"name": name, "file": f"{name}.token"}]}],
        cosigners=[{"vkey": vkey, "url": url}],
        policy=site.write(f"{name}.policy", f"witness w {vkey}\nquorum w\n"),
    )


def foreign(report, site) -> None:
    """The cosigner's clock."""
    cosigner = Cosigner(site, "wrong.example")
    node = ledger(site, "right", "wrong.example", cosigner.url)
    node.start().wait("/readyz")
    follower = Follower(f"{node.url}/farm", "right.example/ledger", site.public("right-ledger"))
    serial = iter(range(100))

    def published() -> int:
        return node.status["ledgers"][0]["published"]

    with report("a cosigner whose clock is right, or slow by minutes: published"):
        for cosigner.offset in (0, -200):
            before = published()
            equal(node.capture("farm", "right", event(next(serial))).status, 202, "capture")
            eventually("it is published", lambda: published() == before + 1)
            follower.follow().require_cosignature("wrong.example", site.public("wrong.example"))
    for offset, name in [(HOUR, "an hour ahead"), (1 << 40, "a thousand lives ahead")]:
        with report(f"a cosigner whose clock is {name}: captured, not published, and said"):
            cosigner.offset, before = offset, published()
            equal(node.capture("farm", "right", event(next(serial))).status, 202, "capture")
            eventually("it is said", lambda: "clock" in (node.status["cosigners"][0]["failure"] or ""))
            equal(published(), before, "published")
        with report("its clock is set: what waited is published"):
            cosigner.offset = 0
            eventually("it is published", lambda: published() == before + 1)
            eventually("nothing is said any more", lambda: node.status["cosigners"][0]["failure"] is None)
    equal(node.stop(), 0, "exit")


def own(report, site) -> None:
    """The nodes' own clocks: one an hour ahead, one an hour behind, and a witness that is right."""
    require_program("faketime", "apt-get install faketime")
    witness = site.node("witness", witness={"name": "w.example", "key": site.key_file("w.example"), "ledgers": []})
    nodes = {}
    for name, offset in [("ahead", HOUR), ("behind", -HOUR)]:
        nodes[offset] = node = ledger(site, name, "w.example", f"{witness.url}/witness")
        # What waits goes by the monotonic clock, which nobody sets.
        node.wrapper = ["faketime", "--exclude-monotonic", "-f", f"{offset:+}s"]
        witness.configuration["witness"]["ledgers"].append(site.vkey(f"{name}-ledger", f"{name}.example/ledger"))
    for offset, node in nodes.items():
        # Each mirrors the other, whose statements are of another hour.
        other = nodes[-offset]
        node.configuration["mirrors"] = [{"vkey": site.vkey(f"{other.name}-ledger", f"{other.name}.example/ledger"),
                                          "url": f"{other.url}/farm", "depth": "statements", "interval": 0.3}]
        node.configuration["mirror"] = {"name": f"{node.name}.example/mirror", "key": site.key_file(f"{node.name}-mirror")}
        node.write()
    witness.write()
    for node in (witness, *nodes.values()):
        node.start()
    for offset, node in nodes.items():
        with report(f"a node whose clock is {offset:+} s captures"):
            shown = datetime.fromisoformat(node.status["time"].replace("Z", "+00:00")).timestamp()
            assert abs(shown - time.time() - offset) < 120, f"its clock is at {shown - time.time():+.0f} s"
            node.wait("/readyz")
            # The event was an hour ago for anybody.
            when = datetime.fromtimestamp(time.time() - 2 * HOUR).strftime("%Y-%m-%dT%H:%M:%S.000+00:00")
            answer = node.capture("farm", node.name, event(7, eventTime=when, eventTimeZoneOffset="+00:00"))
            equal((answer.status, answer.json()["success"]), (202, True), f"{answer}")
    with report("an hour ahead of the cosigner is an old cosignature, which is good; an hour behind it is one of the future, and said"):
        eventually("the one ahead publishes", lambda: nodes[HOUR].status["ledgers"][0]["published"] == 2)
        eventually("the one behind says so", lambda: "clock" in (nodes[-HOUR].status["cosigners"][0]["failure"] or ""))
        equal(nodes[-HOUR].status["alarms"], [], "alarms")
    with report("with its clock set, it publishes"):
        node = nodes[-HOUR]
        node.kill()
        node.wrapper = []
        node.start()
        eventually("it publishes", lambda: node.status["ledgers"][0]["published"] == 2)
        eventually("the other mirrors it", lambda: nodes[HOUR].status["mirrors"][0]["size"] == 2)
        for some in nodes.values():
            equal(some.status["alarms"], [], "alarms")


def run(report, site) -> None:
    foreign(report, site)
    with report("nodes with wrong clocks"):
        own(report, site)
