"""Measures a node beside baselines in the same run, and prints Markdown. usage: node.py BINARIES [--smoke]

Tiles served: wrk against the node and against nginx on the same directory, alternately, medians of five rounds. Ingest: wrk
posting to /add and /capture. Replication: `tracenode` pulling a ledger over loopback at the three depths. Lag: events captured
at 1,000 a second, each timed until a cosigned checkpoint covers it. Sizes and times of the program itself.
"""

import concurrent.futures
import hashlib
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

SMOKE = "--smoke" in sys.argv
BINARIES = pathlib.Path(sys.argv[1]).resolve()
ROOT = pathlib.Path(__file__).resolve().parents[2]
ROUNDS, SECONDS = (1, 1) if SMOKE else (5, 3)
TOKEN = "benchmark-token-0123456789"


def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def get(at, path, headers={}):
    connection = http.client.HTTPConnection("127.0.0.1", at, timeout=30)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


class Node:
    """A running node in a folder of its own."""

    def __init__(self, folder, text):
        self.port, self.folder = port(), folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "token").write_text(TOKEN)
        (folder / "token").chmod(0o600)
        (folder / "node.yaml").write_text(f"listen: 127.0.0.1:{self.port}\ndata: data\nlogging: {{ level: warning }}\n{text}")
        self.log = open(folder / "log", "w")
        start = time.monotonic()
        self.process = subprocess.Popen([BINARIES / "tracenode", "serve", "--config", folder / "node.yaml"], stderr=self.log)
        while True:
            try:
                if get(self.port, "/healthz")[0] == 200:
                    break
            except OSError:
                if time.monotonic() - start > 60 or self.process.poll() is not None:
                    raise SystemExit(f"the node did not start: {(folder / 'log').read_text()}")
                time.sleep(0.002)
        self.start = time.monotonic() - start

    def until_ready(self):
        deadline = time.monotonic() + 30
        while get(self.port, "/readyz")[0] != 200:
            if time.monotonic() > deadline:
                raise SystemExit(f"the node is not ready: {(self.folder / 'log').read_text()}")
            time.sleep(0.002)

    def until_indexed(self, path, size):
        """Until the index of events, which the background makes, does not take a core any more."""
        while True:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{path}/events?perPage=1", timeout=60) as answer:
                if int(answer.headers["Ledger-Size"]) >= size:
                    return
            time.sleep(0.1)

    def memory(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


def key(folder, name):
    file = folder / f"{name}.pem"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([BINARIES / "traceledger", "key", "generate", file], check=True, stdout=subprocess.DEVNULL)
    return file


def vkey(file, name, cosigner=False):
    command = [BINARIES / "traceledger", "key", "show", file, "--format", "vkey", "--name", name]
    return subprocess.run(command + (["--cosigner"] if cosigner else []), check=True, capture_output=True, text=True).stdout.strip()


def wrk(url, connections=64, script=None, seconds=SECONDS):
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"] + (["-s", script] if script else []) + [url]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))
    if "Non-2xx" in text:
        raise SystemExit(f"{url}: {text}")
    return rate


def nginx(root, at, folder):
    folder.mkdir(parents=True, exist_ok=True)
    # The workers of a master that root starts belong to somebody else, who cannot read a temporary folder.
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(f"""
{user} worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; open_file_cache max=10000;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c; uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{ listen 127.0.0.1:{at}; root {root}; default_type application/octet-stream; }} }}
""")
    process = subprocess.Popen(["nginx", "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"], stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    return process


def row(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def tiles(work):
    key(work / "tiles", "log")
    node = Node(work / "tiles", "limits: { anonymousRate: 0, connectionsPerAddress: 4096 }\n"
                "ledgers: [{ path: raw, origin: bench.example/raw, key: log.pem, admission: any }]\n")
    node.until_ready()
    fill(node, "raw", 2_000 if SMOKE else 20_000)
    directory = work / "tiles" / "data" / "raw"
    at = port()
    server = nginx(directory, at, work / "nginx")
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(wrk(f"http://127.0.0.1:{node.port}/raw/tile/0/001"))
        theirs.append(wrk(f"http://127.0.0.1:{at}/tile/0/001"))
    server.terminate()
    server.wait()
    ratio = statistics.median(a / b for a, b in zip(ours, theirs))
    row("8 KiB tile from the cache, requests a second", f"{statistics.median(ours):,.0f}",
        f"nginx, one worker: {statistics.median(theirs):,.0f}", f"{ratio:.2f}")
    return node


def fill(node, path, count, size=250):
    """Opaque entries over many connections."""
    def work(first):
        connection = http.client.HTTPConnection("127.0.0.1", node.port, timeout=60)
        for number in range(first, count, 64):
            body = hashlib.sha256(str(number).encode()).digest() * (size // 32 + 1)
            connection.request("POST", f"/{path}/add", body=body[:size])
            answer = connection.getresponse()
            text = answer.read()
            assert answer.status == 200, f"{answer.status}: {text}"
        connection.close()
    with concurrent.futures.ThreadPoolExecutor(64) as pool:
        list(pool.map(work, range(64)))


def ingest(work, node):
    script = work / "add.lua"
    script.write_text("""
local n = 0
request = function()
  n = n + 1
  return wrk.format("POST", nil, nil, string.format("%s %d %s", tostring(math.random(1e15)), n, string.rep("x", 220)))
end
""")
    rate = statistics.median(wrk(f"http://127.0.0.1:{node.port}/raw/add", 256, script) for _ in range(ROUNDS))
    row("POST /add, 250 B each, published when answered, 256 connections, entries a second", f"{rate:,.0f}", "", "")
    node.stop()
    folder = work / "capture"
    key(folder, "log"), key(folder, "ent")
    node = Node(folder, "ledgers: [{ path: farm, origin: bench.example/farm, key: log.pem, capture: { issuer: 9521101000009, key: ent.pem },"
                " tokens: [{ name: bench, file: token }] }]\n")
    node.until_ready()
    for events in (1, 100):
        script = work / f"capture{events}.lua"
        script.write_text("""
local n = 0
request = function()
  local list = {}
  for i = 1, %d do
    n = n + 1
    list[i] = string.format('{"type":"ObjectEvent","eventTime":"2026-08-03T05:10:00+08:00","eventTimeZoneOffset":"+08:00","action":"OBSERVE","bizStep":"shipping","epcList":["urn:epc:id:sgtin:9521101.000101.%%d"],"readPoint":{"id":"urn:epc:id:sgln:9521101.00010.0"}}', math.random(1e12) + n)
  end
  return wrk.format("POST", nil, {["Content-Type"]="application/json", ["Authorization"]="Bearer %s"}, '{"@context":"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld","type":"EPCISDocument","schemaVersion":"2.0","creationDate":"2026-08-03T05:10:00Z","epcisBody":{"eventList":[' .. table.concat(list, ",") .. ']}}')
end
""" % (events, TOKEN))
        rate = statistics.median(wrk(f"http://127.0.0.1:{node.port}/farm/capture", 64, script) for _ in range(ROUNDS))
        row(f"POST /capture, {events} event{'s' if events > 1 else ''} a document, signed and durable when answered, events a second",
            f"{rate * events:,.0f}", "", "")
    node.stop()


def events(work):
    """A ledger of signed events, long enough that a mirror's start does not count."""
    folder, origin = work / "origin", "bench.example/events"
    log, ent = key(folder, "log"), key(folder, "ent")
    command = [BINARIES / "traceledger"]
    subprocess.run([*command, "init", folder / "ledger", "--origin", origin, "--key", log], check=True, stdout=subprocess.DEVNULL)
    for first in range(0, 5_000 if SMOKE else 500_000, 50_000):
        document = folder / "events.json"
        document.write_text('{"@context":"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld","type":"EPCISDocument","schemaVersion":"2.0",'
                            '"creationDate":"2026-08-03T05:10:00Z","epcisBody":{"eventList":[' + ",".join(
            '{"type":"ObjectEvent","eventTime":"2026-08-03T05:10:00+08:00","eventTimeZoneOffset":"+08:00","action":"OBSERVE","bizStep":"shipping",'
            f'"epcList":["urn:epc:id:sgtin:9521101.000101.{number}"],"readPoint":{{"id":"urn:epc:id:sgln:9521101.00010.0"}}}}'
            for number in range(first, first + (5_000 if SMOKE else 50_000))) + "]}}")
        subprocess.run([*command, "append", folder / "ledger", document, "--signer", ent, "--issuer", "9521101000009", "--validate", "off"],
                       check=True, stdout=subprocess.DEVNULL)
    return Node(folder, f"limits: {{ anonymousRate: 0 }}\nledgers: [{{ path: chain, origin: {origin}, directory: {folder / 'ledger'}, key: {log} }}]\n"), origin


def replication(work):
    node, origin = events(work)
    path = "chain"
    status, body = get(node.port, f"/{path}/checkpoint")
    size = int(body.split(b"\n")[1])
    node.until_indexed(path, size)
    log = vkey(node.folder / "log.pem", origin)
    hash = hashlib.sha256(origin.encode()).hexdigest()
    rates = {}
    for depth in ("tree", "chains", "statements"):
        runs = []
        for run in range(1 if SMOKE or depth == "statements" else 3):
            folder = work / f"replica-{depth}-{run}"
            start = time.monotonic()
            replica = Node(folder, f"mirrors: [{{ vkey: \"{log}\", url: \"http://127.0.0.1:{node.port}/{path}\", depth: {depth}, interval: 0.2 }}]\n")
            while True:
                status, body = get(replica.port, f"/mirror/{hash}/checkpoint")
                if status == 200 and int(body.split(b"\n")[1]) >= size:
                    break
                if time.monotonic() - start > 600:
                    raise SystemExit((folder / "log").read_text())
                time.sleep(0.01)
            runs.append(size / (time.monotonic() - start - replica.start))
            replica.stop()
            shutil.rmtree(folder)
        rates[depth] = statistics.median(runs)
    node.stop()
    for depth, rate in rates.items():
        ratio = f"{rate / rates['statements']:.1f}" if depth != "statements" else ""
        row(f"a new mirror at `{depth}`, {size:,} events over loopback, durable, entries a second", f"{rate:,.0f}",
            "`statements`" if ratio else "", ratio)


def lag(work):
    folder = work / "lag"
    log, ent, wit = key(folder, "log"), key(folder, "ent"), key(folder, "wit")
    witness = Node(work / "lag-witness", f"witness: {{ name: bench.example/w, key: {wit}, ledgers: [\"{vkey(log, 'bench.example/lag')}\"] }}\n")
    cosigner = vkey(wit, "bench.example/w", cosigner=True)
    (folder / "policy").write_text(f"witness w {cosigner}\nquorum w\n")
    node = Node(folder, "policy: policy\nledgers: [{ path: farm, origin: bench.example/lag, key: log.pem, capture: { issuer: 9521101000009, key: ent.pem },"
                f" tokens: [{{ name: bench, file: token }}] }}]\ncosigners: [{{ vkey: \"{cosigner}\", url: \"http://127.0.0.1:{witness.port}/witness\" }}]\n")
    seconds = 3 if SMOKE else 20
    waiting, lags, done = [], [], threading.Event()

    def watch():
        connection = http.client.HTTPConnection("127.0.0.1", node.port, timeout=30)
        while not done.is_set() or waiting:
            connection.request("GET", "/farm/checkpoint")
            body = connection.getresponse().read()
            now, size = time.monotonic(), int(body.split(b"\n")[1])
            assert b"bench.example/w" in body
            while waiting and waiting[0][0] < size:
                lags.append(now - waiting.pop(0)[1])
            time.sleep(0.01)

    node.until_ready()
    watcher = threading.Thread(target=watch)
    watcher.start()
    connection = http.client.HTTPConnection("127.0.0.1", node.port, timeout=30)
    start, number = time.monotonic(), 0
    while time.monotonic() - start < seconds:
        events = ",".join(
            '{"type":"ObjectEvent","eventTime":"2026-08-03T05:10:00+08:00","eventTimeZoneOffset":"+08:00","action":"OBSERVE","bizStep":"shipping",'
            f'"epcList":["urn:epc:id:sgtin:9521101.000101.{number + i}"],"readPoint":{{"id":"urn:epc:id:sgln:9521101.00010.0"}}}}' for i in range(20))
        number += 20
        sent = time.monotonic()
        connection.request("POST", "/farm/capture", headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
                           body='{"@context":"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld","type":"EPCISDocument","schemaVersion":"2.0",'
                           f'"creationDate":"2026-08-03T05:10:00Z","epcisBody":{{"eventList":[{events}]}}}}')
        answer = connection.getresponse()
        job = json.loads(answer.read())
        assert answer.status == 202, job
        waiting.extend((event["index"], sent) for event in job["events"])
        time.sleep(max(0, start + number / 1000 - time.monotonic()))
    rate = number / (time.monotonic() - start)
    done.set()
    watcher.join(30)
    lags.sort()
    row(f"captured at {rate:,.0f} events a second: from the request to a cosigned checkpoint, median and 99th percentile",
        f"{statistics.median(lags):.2f} s, {lags[len(lags) * 99 // 100]:.2f} s", "", "")
    for one in (node, witness):
        one.stop()


def program(work):
    binary = BINARIES / "tracenode"
    stripped = work / "stripped"
    shutil.copy(binary, stripped)
    subprocess.run(["strip", stripped], check=True)
    row("the program, stripped, Swift's libraries shared", f"{stripped.stat().st_size / 1e6:.1f} MB", "", "")
    key(work / "idle", "log")
    node = Node(work / "idle", "ledgers: [{ path: a, origin: bench.example/a, key: log.pem }]\n")
    time.sleep(2)
    row("idle, resident", f"{node.memory():.0f} MB", "", "")
    node.stop()
    large = ROOT / ".artifacts" / "large"
    if (large / "ledger.json").exists() and not SMOKE:
        origin = json.loads((large / "ledger.json").read_text())["origin"]
        keys = (large / "state" / "ledger-key")
        if keys.exists():
            node = Node(work / "large", f"ledgers: [{{ path: large, origin: {origin}, directory: {large}, key: {keys.read_text().strip()} }}]\n")
            start = time.monotonic()
            node.until_ready()
            row("start with ten million entries, to the first answer and to taking entries", f"{node.start * 1000:.0f} ms, "
                f"{(node.start + time.monotonic() - start) * 1000:.0f} ms", "", "")
            node.stop()


with tempfile.TemporaryDirectory(prefix="tracenode-bench-", dir=os.environ.get("TMPDIR")) as folder:
    work = pathlib.Path(folder)
    row("work", "here", "baseline", "times the baseline")
    row("---", "---", "---", "---")
    node = tiles(work)
    ingest(work, node)
    replication(work)
    lag(work)
    program(work)
