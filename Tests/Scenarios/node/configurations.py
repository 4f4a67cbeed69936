"""`tracenode check` on a table of configurations that are wrong, `tracenode status`, and what logs may not hold."""

import json
import os
import re

from formats import keys
from harness import Node, event, free_port
from report import equal

GOOD = """\
# A farm's node.
listen: 127.0.0.1:{port}
data: data
url: https://farm.example
ledgers:
  - path: farm
    origin: farm.example/ledger
    key: log.pem
    admission: [9521101000009, registry]
    capture: {issuer: 9521101000009, key: enterprise.pem, validate: warn}
    tokens:
      - {name: erp, file: erp.token, rate: 100, quota: 100000}
      - {name: mes, environment: MES_TOKEN}
  - {path: any, origin: any.example/log, key: any.pem, admission: any, directory: elsewhere}
mirrors:
  - vkey: {mill}
    url: https://mill.example/mill
    depth: statements
    interval: 5
mirror: {name: farm.example/mirror, key: mirror.pem}
witness:
  name: farm.example/witness
  key: witness.pem
  ledgers:
    - {mill}
cosigners:
  - {vkey: {cosigner}, url: https://mill.example/witness}
policy: policy.txt
limits: {connections: 100, headerSeconds: 5}
logging: {level: info, format: json}
metrics: true
"""

# What is replaced by what; the text on whose line in the file the error stands, or None for one of the whole file; what it
# says. Several errors are several lines.
TABLE = [
    ("data: data", "daten: data", "daten", "no such key"),
    ("data: data\n", "", None, "data: it is missing"),
    ("listen: 127.0.0.1:{port}", "listen: nowhere", "listen", "an address and a port"),
    ("listen: 127.0.0.1:{port}", "listen: 127.0.0.1:70000", "listen", "an address and a port"),
    ("listen: 127.0.0.1:{port}", "listen: [1, 2]", "listen", "one text"),
    ("url: https://farm.example\n", "url: ftp://farm.example\n", "ftp", "http or https"),
    ("url: https://farm.example\n", "url: https://me:pass@farm.example\n", "me:pass", "http or https"),
    ("path: farm", "path: Farm", None, "lower-case"),
    ("path: farm", "path: witness", None, "a route of the node itself"),
    ("path: farm", "path: .well-known", None, "a route of the node itself"),
    ("path: farm", "path: any", None, "twice"),
    ("path: farm\n    ", "", "origin: farm", "path: it is missing"),
    ("origin: farm.example/ledger", "origin: farm example", None, "no spaces"),
    ("origin: farm.example/ledger", "origin: any.example/log", None, "twice"),
    ("origin: farm.example/ledger", "origin: mill.example/ledger", None, "twice"),
    ("key: log.pem", "key: absent.pem", None, "absent.pem"),
    ("key: log.pem", "key: erp.token", None, "erp.token"),
    ("key: log.pem", "key: any.pem", None, "every use has its own key"),
    ("key: log.pem", "key: enterprise.pem", None, "every use has its own key"),
    ("key: mirror.pem", "key: witness.pem", None, "every use has its own key"),
    ("name: farm.example/mirror", "name: farm.example/witness", None, "two names and two keys"),
    ("name: farm.example/mirror", "name: farm.example/ledger", None, "does not have the name of a ledger"),
    ("key: mirror.pem", "key: mill.pem", None, "the same key"),
    ("admission: [9521101000009, registry]", "admission: [9521101000008]", "admission: [9521101000008]", "9521101000008"),
    ("admission: [9521101000009, registry]", "admission: [any, registry]", "admission: [any", "stands alone"),
    ("{issuer: 9521101000009,", "{issuer: 9521101000001,", "capture:", "9521101000001"),
    ("validate: warn", "validate: maybe", "validate: maybe", "none of strict, warn, off"),
    ("file: erp.token,", "file: absent.token,", None, "holds no token"),
    ("file: erp.token,", "file: short.token,", None, "16 to 512"),
    ("file: erp.token,", "token: sesame-open-the-door,", "token: sesame", "no such key"),
    ("file: erp.token,", "file: erp.token, environment: X,", "file: erp.token", "never the token itself"),
    ("environment: MES_TOKEN", "environment: NO_SUCH", None, "NO_SUCH"),
    ("name: mes", "name: erp", None, "twice"),
    ("admission: any,", "admission: any, capture: {issuer: 9521101000009, key: enterprise.pem},", None, "opaque"),
    ("vkey: {mill}", "vkey: mill.example/ledger+00000000+AAAA", "vkey: mill", "vkey"),
    ("vkey: {mill}", "vkey: {cosigner}", "vkey: ", "not a ledger's key"),
    ("depth: statements", "depth: everything", "depth: everything", "none of"),
    ("interval: 5", "interval: 0", "interval: 0", "a number from"),
    ("interval: 5", "interval: soon", "interval: soon", "a number from"),
    ("url: https://mill.example/mill", "url: mill.example", "url: mill.example", "http or https"),
    ("    url: https://mill.example/mill\n", "    origin: other.example\n", "origin: other.example", "name is"),
    ("{vkey: {cosigner},", "{vkey: {mill},", "{vkey:", "not a cosigner's key"),
    ("policy: policy.txt", "policy: absent.txt", "policy: absent", "cannot be read"),
    ("policy: policy.txt", "policy: broken.txt", "policy: broken", "broken.txt"),
    ("policy: policy.txt", "policy: unreachable.txt", None, "cannot reach its quorum"),
    ("policy: policy.txt\n", "", None, "quorum none"),
    ("connections: 100", "connections: 0", "connections: 0", "a whole number from"),
    ("connections: 100", "connections: many", "connections: many", "a whole number from"),
    ("connections: 100", "conections: 100", "conections", "no such key"),
    ("level: info", "level: loud", "level: loud", "no level"),
    ("format: json", "format: xml", "format: xml", "none of text, json"),
    ("metrics: true", "metrics: perhaps", "metrics: perhaps", "true or false"),
    ("metrics: true", "tls: {certificate: log.pem}", "tls:", "key: it is missing"),
    ("metrics: true", "metrics: [", None, "not YAML"),
    ("metrics: true", "tls: {certificate: absent.crt, key: absent.key}", None, "absent"),
    ("limits: {connections: 100, headerSeconds: 5}", "limits: 5", "limits: 5", "keys and values"),
]


def prepare(site) -> str:
    for name in ["log", "any", "enterprise", "mirror", "witness", "mill", "cosigner"]:
        site.key(name)
    site.token("erp")
    site.write("short.token", "hush-hush")
    cosigner = site.vkey("cosigner", "mill.example/witness", 4)
    site.write("policy.txt", f"witness mill {cosigner}\nquorum mill\n")
    site.write("unreachable.txt", f"witness else {site.vkey('mill', 'else.example', 4)}\nquorum else\n")
    site.write("broken.txt", "quorum\n")
    fields = {"port": str(free_port()), "mill": site.vkey("mill", "mill.example/ledger"), "cosigner": cosigner}
    os.environ["MES_TOKEN"] = site.token("mes")
    text = GOOD
    for name, value in fields.items():
        text = text.replace(f"{{{name}}}", value)
    return text, fields


def secrets(site) -> list[str]:
    """What may stand in no log and no message: tokens, and the keys in each spelling that is at hand."""
    found = [site.token("erp"), site.token("mes"), "sesame-open-the-door", "hush-hush"]
    for path in site.home.glob("*.pem"):
        body = "".join(line for line in path.read_text().splitlines() if not line.startswith("-----"))
        raw = keys.load_private(path).private_bytes_raw()
        found += [body[-44:], body, raw.hex()]
    return found


def require_silent(site, text: str, where: str) -> None:
    for secret in secrets(site):
        assert secret not in text, f"a secret stands in {where}"


def checks(report, site, node: Node) -> None:
    good, fields = prepare(site)
    path = site.write("try.yaml", good)
    with report("check: a good configuration"):
        done = node.command("check", "--config", path)
        equal((done.returncode, done.stdout), (0, f"{path}: good\n"), done.stderr)
    with report("check: a key that others can read is told"):
        (site.home / "log.pem").chmod(0o644)
        done = node.command("check", "--config", path)
        (site.home / "log.pem").chmod(0o600)
        assert done.returncode == 0 and "chmod 600" in done.stderr, done.stderr
    for old, new, place, says in TABLE:
        for name, value in fields.items():
            old, new = old.replace(f"{{{name}}}", value), new.replace(f"{{{name}}}", value)
        with report(f"check: {' '.join((new or f'without {old}').split())[:60]}"):
            assert old in good, f"{old} is not in the configuration"
            text = good.replace(old, new, 1)
            site.write("try.yaml", text)
            done = node.command("check", "--config", path)
            equal((done.returncode, done.stdout), (2, ""), f"exit and output; {done.stderr}")
            lines = [line.removeprefix("tracenode: ") for line in done.stderr.splitlines()]
            at = "" if place is None else f"{1 + text[: text.index(place)].count(chr(10))}:"
            wanted = [line for line in lines if line.startswith(f"{path}:{at}") and says in line]
            assert wanted, f"no line `{path}:{at}...{says}` in {done.stderr!r}"
            assert not re.search(r"\w+\(\w+: ", done.stderr), f"a Swift dump: {done.stderr}"
            require_silent(site, done.stderr, "the message")
    with report("check: everything that is wrong is told at once, in the order of the file"):
        text = good.replace("depth: statements", "depth: everything").replace("level: info", "level: loud").replace(
            "metrics: true", "metrics: perhaps")
        site.write("try.yaml", text)
        numbers = [int(number) for number in re.findall(r"try\.yaml:(\d+):", node.command("check", "--config", path).stderr)]
        assert len(numbers) == 3 and numbers == sorted(numbers), f"lines {numbers}"
    with report("check and serve: a file that is not there, is empty, or is no text"):
        for content in [None, b"", b"\xff\xfe\x00", b"- a\n- b\n", b"x: &a [*a, *a]\n", b"\x00" * 100]:
            name = site.home / "odd.yaml"
            name.unlink(missing_ok=True)
            if content is not None:
                name.write_bytes(content)
            for command in ["check", "serve"]:
                equal(node.command(command, "--config", name).returncode, 2, f"exit of {command} with {content!r}")
    with report("serve: a port that is taken is exit 3, and said"):
        site.write("try.yaml", good.replace(fields["port"], str(node.port)))
        done = node.command("serve", "--config", path)
        assert done.returncode == 3 and done.stderr, f"exit {done.returncode}: {done.stderr}"
        assert not re.search(r"\w+\(\w+: ", done.stderr.splitlines()[-1]), f"a Swift dump: {done.stderr.splitlines()[-1]}"


STATUS = {
    "": {"version", "url", "time", "started", "ready", "ledgers", "mirrors", "witness", "cosigners", "alarms"},
    "ledgers": {"path", "origin", "open", "reason", "committed", "published", "root", "cosigners"},
    "mirrors": {"origin", "path", "size", "root", "lag", "lastSuccess", "failure"},
    "cosigners": {"name", "url", "size", "lastSuccess", "failure"},
}


def statuses(report, site, node: Node) -> None:
    with report("status: exit 0 and the keys of its JSON, by configuration and by URL"):
        for place in (["--config", node.file], ["--url", node.url], ["--url", node.url + "/"]):
            done = node.command("status", *place, "--json")
            equal(done.returncode, 0, f"exit; {done.stderr}")
            found = json.loads(done.stdout)
            assert STATUS[""] <= set(found), f"keys {sorted(found)}"
            for part in ["ledgers", "mirrors", "cosigners"]:
                for item in found[part]:
                    assert STATUS[part] <= set(item), f"keys of {part}: {sorted(item)}"
            assert len(found["ledgers"]) == 1 and len(found["cosigners"]) == 1, "a ledger and a cosigner"
            equal(set(found["witness"]), {"name", "ledgers"}, "keys of witness")
            text = node.command("status", *place).stdout
            assert "ready" in text and "NOT READY" not in text and "farm.example/ledger" in text, text
    with report("status: exit 2 for no node or two, exit 3 for one that does not answer or is none"):
        equal(node.command("status").returncode, 2, "exit without a node")
        dead = f"http://127.0.0.1:{free_port()}"
        done = node.command("status", "--url", dead)
        assert done.returncode == 3 and done.stderr.startswith("tracenode: "), f"{done.returncode}: {done.stderr}"
        equal(node.command("status", "--url", node.url + "/farm").returncode, 3, "exit for what is no node")
    with report("status and /readyz: exit 1 and 503 while a ledger takes no entries, with the reason"):
        node.kill()
        node.configuration["cosigners"][0]["url"] = f"http://127.0.0.1:{free_port()}/witness"
        site.write("strict.txt", node.policy_text)
        node.configuration["policy"] = "strict.txt"
        node.write()
        node.start()
        answer = node.get("/readyz")
        equal((answer.status, answer.json()["ready"]), (503, False), f"{answer}")
        assert any("farm" in reason for reason in answer.json()["reasons"]), f"{answer}"
        done = node.command("status", "--config", node.file, "--json")
        equal((done.returncode, json.loads(done.stdout)["ready"]), (1, False), "exit and ready")
        assert "NOT READY" in node.command("status", "--config", node.file).stdout
        equal(node.get("/farm/checkpoint").status, 200, "what was published is served")
        refused = node.capture("farm", "erp", event(99))
        equal((refused.status, refused.type), (503, "application/problem+json"), f"{refused}")
        assert "retry-after" in refused.headers, "Retry-After"


def logs(report, site, node: Node) -> None:
    with report("no log, page, metric or status holds a token or a key"):
        node.post("/farm/capture", b"{}", {"Authorization": f"Bearer {site.token('erp')}", "Content-Type": "text/plain"})
        node.post("/farm/capture", b"{}", {"Authorization": f"Bearer {site.token('erp')}x"})
        node.get(f"/farm/checkpoint?token={site.token('erp')}")
        for path in ["/", "/metrics", "/status.json", "/readyz"]:
            require_silent(site, node.get(path).body.decode(), path)
        require_silent(site, node.log, "the log")
        for line in node.log.splitlines():
            assert {"time", "level", "message"} <= set(json.loads(line)), f"the log line {line}"


def run(report, site) -> None:
    for name in ["log", "enterprise", "cosigner"]:
        site.key(name)
    site.token("erp")
    cosigner = site.vkey("cosigner", "mill.example/witness", 4)
    mill = site.node("mill", witness={"name": "mill.example/witness", "key": site.key_file("cosigner"),
                                      "ledgers": [site.vkey("log", "farm.example/ledger")]})
    mill.start()
    node = site.node(
        "farm",
        ledgers=[{"path": "farm", "origin": "farm.example/ledger", "key": site.key_file("log"),
                  "capture": {"issuer": "9521101000009", "key": site.key_file("enterprise")},
                  "tokens": [{"name": "erp", "file": "erp.token"}]}],
        witness={"name": "farm.example/witness", "key": site.key_file("own"), "ledgers": []},
        cosigners=[{"vkey": cosigner, "url": f"{mill.url}/witness"}],
        policy=site.write("mill.txt", f"witness mill {cosigner}\nquorum mill\n"),
        logging={"level": "trace", "format": "json"},
    )
    node.policy_text = f"witness mill {cosigner}\nquorum mill\n"
    node.start().wait("/readyz")
    with report("a document is captured"):
        equal(node.capture("farm", "erp", event(1)).status, 202, "status")
    checks(report, site, node)
    statuses(report, site, node)
    logs(report, site, node)
