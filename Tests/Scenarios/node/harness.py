"""Real `tracenode` processes on free loopback ports, in one temporary directory that is cleaned up with them."""

import http.client
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from formats import keys
from report import Skipped

BINARIES = Path(os.environ.get("TRACE_BINARIES", ".build/debug")).resolve()
# How long anything may take that should take a moment: other work shares the machine.
PATIENCE = float(os.environ.get("TRACE_PATIENCE", "60"))


def number(name: str, standard: int) -> int:
    """How many or how long, which the environment may change."""
    return int(os.environ.get(name, standard))


def eventually(what: str, condition, seconds: float = PATIENCE):
    """What `condition` gives once that is true; errors on the way count as not yet."""
    deadline, last = time.monotonic() + seconds, None
    while True:
        try:
            if value := condition():
                return value
            last = None
        except (OSError, http.client.HTTPException, AssertionError, ValueError, LookupError, StopIteration) as error:
            last = error
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:.0f} s: {what}" + (f" ({last})" if last else ""))
        time.sleep(0.05)


@dataclass
class Answer:
    """An HTTP answer; names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def type(self) -> str:
        return self.headers.get("content-type", "")

    def json(self):
        return json.loads(self.body)

    def __repr__(self) -> str:
        return f"{self.status} {self.type} {self.body[:300]!r}"


def ask(method: str, url: str, body: bytes | None = None, headers: dict | None = None, timeout: float = 30) -> Answer:
    """One request on a connection of its own. Nothing is decoded: a coding shows in the headers."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
    try:
        return ask_on(connection, method, parts.path + (f"?{parts.query}" if parts.query else ""), body, headers)
    finally:
        connection.close()


def ask_on(connection, method: str, path: str, body: bytes | None = None, headers: dict | None = None) -> Answer:
    """One request on a connection that stays open."""
    connection.putrequest(method, path, skip_accept_encoding=True)
    for name, value in (headers or {}).items():
        connection.putheader(name, value)
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    response = connection.getresponse()
    fields = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, fields, response.read())


class Site:
    """A temporary directory with keys and nodes; leaving it ends the nodes and removes everything."""

    def __init__(self, name: str):
        self.name = name
        self.nodes: list[Node] = []
        self.cleanups: list = []

    def __enter__(self):
        # In memory where that is possible: what is measured is not the disk of whoever tests.
        where = "/dev/shm" if os.access("/dev/shm", os.W_OK) and not os.environ.get("TRACE_KEEP") else None
        self.home = Path(tempfile.mkdtemp(prefix=f"tracenode-{self.name}-", dir=where))
        return self

    def __exit__(self, *_):
        for node in self.nodes:
            node.kill()
        for cleanup in reversed(self.cleanups):
            cleanup()
        if os.environ.get("TRACE_KEEP"):
            print(f"kept: {self.home}")
        else:
            shutil.rmtree(self.home, ignore_errors=True)

    def write(self, name: str, content: str | bytes) -> str:
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def key(self, name: str) -> Ed25519PrivateKey:
        """The key in the file `name`.pem, made on first use."""
        path = self.home / f"{name}.pem"
        return keys.load_private(path) if path.exists() else keys.load_private(
            keys.save_private(Ed25519PrivateKey.generate(), path))

    def key_file(self, name: str) -> str:
        self.key(name)
        return str(self.home / f"{name}.pem")

    def public(self, name: str) -> bytes:
        return keys.public_bytes(self.key(name))

    def vkey(self, key: str, name: str, kind: int = 1) -> str:
        return keys.vkey(name, self.public(key), kind)

    def token(self, name: str) -> str:
        """The content of the file `name`.token, made on first use."""
        path = self.home / f"{name}.token"
        if not path.exists():
            self.write(path.name, f"secret-{name}-{os.urandom(12).hex()}\n")
            path.chmod(0o600)
        return path.read_text().strip()

    def node(self, name: str, **configuration) -> "Node":
        node = Node(self, name, configuration)
        self.nodes.append(node)
        return node

    def ledger_program(self, *arguments, code: int = 0, timeout: float = 120) -> str:
        """Runs `traceledger`; its standard output."""
        done = subprocess.run([BINARIES / "traceledger", *map(str, arguments)], cwd=self.home, capture_output=True,
                              timeout=timeout, stdin=subprocess.DEVNULL)
        said = done.stderr.decode(errors="replace") + done.stdout.decode(errors="replace")[-600:]
        assert done.returncode == code, f"traceledger {arguments[0]}: exit {done.returncode}, expected {code}: {said}"
        return done.stdout.decode() if code == 0 else said


def free_port() -> int:
    """A port that nobody has: below those that the system hands out by itself, so that it stays free until it is used."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


class Node:
    """One node: its configuration file, its process while it runs, and its log."""

    def __init__(self, site: Site, name: str, configuration: dict):
        self.site, self.name = site, name
        host, listen = configuration.pop("host", "127.0.0.1"), configuration.pop("interface", None)
        # What starts the process, where that is not simply its name. Both are ended by `kill` only.
        self.wrapper: list[str] = configuration.pop("wrapper", [])
        self.environment: dict[str, str] = {}
        self.port = configuration.pop("port", None) or free_port()
        self.url = f"http://{host}:{self.port}"
        # Where other nodes find it: in another network, or through a relay.
        self.peer_url = f"http://{configuration.pop('peer_host', host)}:{configuration.pop('peer_port', self.port)}"
        self.data = site.home / f"{name}.data"
        self.configuration = {"listen": f"{listen or host}:{self.port}", "data": str(self.data), **configuration}
        self.file = site.home / f"{name}.yaml"
        self.log_file = site.home / f"{name}.log"
        self.process: subprocess.Popen | None = None
        self.write()

    def write(self) -> None:
        """Writes the configuration: JSON is YAML."""
        self.file.write_text(json.dumps(self.configuration, indent=1, ensure_ascii=False))

    # MARK: Its process

    def start(self, *options: str, wait: bool = True) -> "Node":
        assert not self.is_running, f"{self.name} runs already"
        environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LANG": "C.UTF-8", **self.environment}
        if "LD_LIBRARY_PATH" in os.environ:
            environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.wrapper, BINARIES / "tracenode", "serve", "--config", self.file, *options],
                cwd=self.site.home, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=bool(self.wrapper))
        if wait:
            self.wait("/healthz")
        return self

    def wait(self, path: str = "/readyz", seconds: float = PATIENCE) -> "Node":
        """Waits until `path` answers 200."""

        def is_there() -> bool:
            if not self.is_running:
                raise RuntimeError(f"{self.name} ended with {self.process.returncode}: {self.log[-600:]}")
            return self.get(path, timeout=5).status == 200

        eventually(f"{self.name} answers {path}", is_there, seconds)
        return self

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """kill -9, if it runs."""
        if self.process is None:
            return
        if self.wrapper:
            end_group(self.process.pid)
        elif self.is_running:
            self.process.kill()
        self.process.wait()

    def stop(self, seconds: float = PATIENCE) -> int:
        """SIGTERM; the exit code."""
        self.signal(signal.SIGTERM)
        return self.process.wait(timeout=seconds)

    def signal(self, which: int) -> None:
        assert self.is_running, f"{self.name} does not run: {self.log[-600:]}"
        self.process.send_signal(which)

    def restart(self) -> "Node":
        self.kill()
        return self.start()

    @property
    def log(self) -> str:
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    @property
    def rss(self) -> int:
        """Its resident memory in MiB."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") >> 20

    @property
    def peak_rss(self) -> int:
        """The most resident memory that it had, in MiB."""
        return int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{self.process.pid}/status").read_text())[1]) >> 10

    # MARK: Requests

    def get(self, path: str, headers: dict | None = None, timeout: float = 30) -> Answer:
        return ask("GET", self.url + path, None, headers, timeout)

    def post(self, path: str, body: bytes, headers: dict | None = None, timeout: float = 60) -> Answer:
        return ask("POST", self.url + path, body, headers, timeout)

    def capture(self, ledger: str, token: str, *events: dict, timeout: float = 60) -> Answer:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.site.token(token)}"}
        return self.post(f"/{ledger}/capture", json.dumps(document(*events)).encode(), headers, timeout)

    @property
    def status(self) -> dict:
        return self.get("/status.json").json()

    def is_alive(self) -> bool:
        return self.is_running and self.get("/healthz").status == 200

    def command(self, *arguments: str) -> subprocess.CompletedProcess:
        """Runs another subcommand of `tracenode`."""
        return subprocess.run([BINARIES / "tracenode", *map(str, arguments)], cwd=self.site.home, capture_output=True,
                              text=True, timeout=60, stdin=subprocess.DEVNULL)


def end_group(leader: int) -> None:
    """kill -9 of a process group, until nobody is left of it that could do anything."""
    for _ in range(200):
        try:
            os.killpg(leader, signal.SIGKILL)
        except ProcessLookupError:
            return
        try:
            os.waitpid(leader, os.WNOHANG)
        except ChildProcessError:
            pass
        time.sleep(0.01)


def gln(number: int) -> str:
    digits = f"952110{number:06}"
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits + str(-weighted % 10)


def event(serial: int | str, **changes) -> dict:
    return {
        "type": "ObjectEvent", "eventTime": "2026-03-01T08:00:00.000+08:00", "eventTimeZoneOffset": "+08:00",
        "action": "OBSERVE", "bizStep": "shipping", "epcList": [f"urn:epc:id:sgtin:9521101.053001.{serial}"], **changes,
    }


def document(*events: dict) -> dict:
    return {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"], "type": "EPCISDocument",
        "schemaVersion": "2.0", "creationDate": "2026-03-01T09:00:00Z", "epcisBody": {"eventList": list(events)},
    }


def require_program(name: str, reason: str) -> None:
    if not shutil.which(name):
        raise Skipped(f"no `{name}` here: {reason}")
