"""Runs `traceledger mirror`, `fsck --repair-from` and the restore protocol as their users do: mirrors of honest and of lying
servers, killed and resumed, a ledger that was damaged, and a backup that was put back. usage: mirror.py BINARIES"""

import gzip
import hashlib
import http.server
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import commands
from commands import User, check, document, event


class Server:
    """A static file server whose answers for some paths are bent: PATH -> function of the honest bytes and the handler."""

    def __init__(self, root):
        bent = self.bent = {}
        self.delay = 0

        outer = self

        class Handler(http.server.SimpleHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def copyfile(self, source, output):
                try:
                    super().copyfile(source, output)
                except OSError:  # a client that was killed
                    self.close_connection = True

            def do_GET(self):
                time.sleep(outer.delay)
                for path, bend in bent.items():
                    if self.path.endswith(path):
                        file = pathlib.Path(root) / self.path.lstrip("/")
                        return bend(self, file.read_bytes() if file.is_file() else b"")
                return super().do_GET()

        self.server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), lambda *arguments: Handler(*arguments, directory=str(root)))
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # clients that were killed
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def answer(handler, content, length=None, **headers):
    handler.send_response(200)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(content) if length is None else length))
    handler.end_headers()
    handler.wfile.write(content)
    if length is not None:
        handler.close_connection = True


def flipped(handler, content):
    answer(handler, content[:-3] + bytes([content[-3] ^ 1]) + content[-2:])


def resized(handler, content):
    answer(handler, content.replace(b"\n1101\n", b"\n1102\n"))


def shortened(handler, content):
    answer(handler, content[:-1])


def truncated(handler, content):
    answer(handler, content[:-1], length=len(content))


def endless(handler, _):
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"x" * 65536)
    except OSError:
        handler.close_connection = True


def compressed(handler, content):
    answer(handler, gzip.compress(content), Content_Encoding="gzip")


def bomb(handler, _):
    answer(handler, gzip.compress(b"x" * (1 << 26)), Content_Encoding="gzip")


def absent(handler, _):
    handler.send_error(404)


def broken(handler, _):
    handler.send_error(500)


def files(directory):
    """What of a ledger any static server would show."""
    return {str(path.relative_to(directory)): path.read_bytes() for path in sorted(directory.rglob("*"))
            if path.is_file() and path.relative_to(directory).parts[0] not in ("state", "private", "evidence")}


def append(user, ledger, numbers, *options, **expected):
    user.write("events.json", document(*(event(number) for number in numbers)))
    return user.run("append", ledger, "events.json", *user.signing(), "--validate", "off", *options, **expected)


def setup(user):
    for name in ["ledger.pem", "farm.pem", "other.pem", "witness.pem"]:
        user.run("key", "generate", name)
    vkey = user.run("init", "L", "--origin", "example.com/farm", "--key", "ledger.pem", "--json").json()["vkey"]
    append(user, "L", range(1, 400))
    shutil.copytree(user.home / "L", user.home / "old")
    append(user, "L", range(400, 1100))
    return vkey


def mirroring(user, vkey, server):
    url, trust = f"{server.url}/L", ["--log-key", vkey]
    user.run("mirror", url, "copy", code=2, says="--log-key")
    user.run("mirror", url, server.url, *trust, code=2, says="own directory")
    user.run("mirror", f"{server.url}/absent", "copy", *trust, code=2, says="no checkpoint")
    user.run("mirror", "http://127.0.0.1:1/", "copy", *trust, code=3, says="127.0.0.1")
    found = user.run("mirror", url, "copy", *trust, "--json").json()
    check("mirror --json", set(found) == {"from", "size", "root", "depth"} and found["size"] == 1100, found)
    check("the copy is the ledger", files(user.home / "copy").items() <= files(user.home / "L").items())
    check("nothing new", "nothing new" in user.run("mirror", url + "/", "copy", *trust).text)
    check("the copy is sound", "sound" in user.run("fsck", "copy", *trust).text)
    append(user, "L", [1100])
    for depth in ["tree", "chains", "statements"]:
        user.run("mirror", "L", f"copy-{depth}", *trust, "--depth", depth)
        user.run("fsck", f"copy-{depth}", *trust)
    check("a mirror of a mirror", "1101 entries more" in user.run("mirror", "copy-tree", "second", *trust).text)
    user.run("fsck", f"{server.url}/second", *trust)
    user.run("mirror", url, "copy", *trust)


def interrupted(user, vkey, server):
    """Killed at any moment, it goes on."""
    kills, server.delay = 0, 0.03
    while kills < 40:
        process = subprocess.Popen([user.program, "mirror", f"{server.url}/L", "killed", "--log-key", vkey], cwd=user.home,
                                   env=user.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=0.15 + 0.02 * kills)
            break
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            kills += 1
            if (user.home / "killed/checkpoint").exists():
                user.run("fsck", "killed", "--log-key", vkey)
    server.delay = 0
    check("it was killed in the middle", kills > 0)
    user.run("mirror", f"{server.url}/L", "killed", "--log-key", vkey)
    user.run("fsck", "killed", "--log-key", vkey)
    check("what was killed and resumed is the same", files(user.home / "killed") == files(user.home / "copy-statements"))


def lying(user, vkey, server):
    url, trust = f"{server.url}/L", ["--log-key", vkey]
    table = [
        ("checkpoint", resized, 1, "did not sign"), ("checkpoint", endless, 1, "more than"), ("checkpoint", broken, 3, "500"),
        ("tile/1/000.p/4", flipped, 1, "right edge"), ("tile/0/004.p/77", flipped, 1, "right edge"),
        ("tile/entries/002", flipped, 1, "entry 767"), ("tile/entries/004.p/77", flipped, 1, "entry 1100"),
        ("tile/entries/002", shortened, 1, "tile/entries/002"), ("tile/entries/002", truncated, 3, ""),
        ("tile/entries/002", endless, 1, "more than"), ("tile/entries/002", bomb, 1, "more than"),
        ("tile/entries/002", absent, 1, "tile/entries/002"), ("tile/entries/002", broken, 3, "500"),
        ("tile/entries/002", compressed, 0, None), (".cose", broken, 3, "500"),
    ]
    for path, bend, code, says in table:
        shutil.rmtree(user.home / "lied", ignore_errors=True)
        server.bent[path] = bend
        user.run("mirror", url, "lied", *trust, code=code, says=says)
        check(f"{bend.__name__} {path} moves no checkpoint", (user.home / "lied/checkpoint").exists() == (code == 0))
        server.bent.clear()
        user.run("mirror", url, "lied", *trust)
        user.run("fsck", "lied", *trust)


def contradictions(user, vkey, server):
    trust = ["--log-key", vkey]
    held = (user.home / "copy/checkpoint").read_bytes()
    user.run("mirror", "old", "copy", *trust, code=1, says="rollback")
    user.run("init", "twin", "--origin", "example.com/farm", "--key", "ledger.pem")
    user.run("mirror", "twin", "copy", *trust, code=1, says="fork")
    append(user, "twin", range(2000, 3200))
    server.bent.clear()
    result = user.run("mirror", f"{server.url}/twin", "copy", *trust, code=1, says="fork")
    folder = pathlib.Path(result.error.split("kept in ")[1].split(":")[0])
    kept = {path.name for path in (user.home / folder).iterdir()}
    check("the evidence of a fork", kept == {"held.checkpoint", "shown.checkpoint", "fork.evidence", "reason.txt"}, kept)
    report = user.run("verify", folder / "fork.evidence", *trust, "--json", code=1, silent=True).json()
    check("proves it to anybody", (report["type"], report["verdict"]) == ("fork evidence", "notInLedger"), report)
    check("which nobody can who has no key", "--log-key" in user.run("verify", folder / "fork.evidence", code=2, silent=True).text)
    check("inspect knows it", "fork evidence" in user.run("inspect", folder / "fork.evidence").text)
    for name in ["held", "shown"]:
        user.run("verify", folder / f"{name}.checkpoint", *trust)
    check("what was verified stays", (user.home / "copy/checkpoint").read_bytes() == held)
    user.run("fsck", "copy", *trust)


def repairing(user, vkey, server):
    trust = ["--log-key", vkey]
    good = files(user.home / "L")
    shutil.copytree(user.home / "L", user.home / "hurt")
    user.run("fsck", f"{server.url}/hurt", *trust, "--repair-from", "copy", code=2, says="own directory")
    for number, path in enumerate(["tile/entries/001", "tile/0/002", "tile/1/000.p/4", "checkpoint", "checkpoint.cose"]):
        file = user.home / "hurt" / path
        content = file.read_bytes()
        file.write_bytes(content[:40] + bytes([content[40] ^ 1]) + content[41:]) if number % 2 else file.unlink()
    user.run("fsck", "hurt", *trust, code=1, says="found to be wrong")
    user.run("fsck", "hurt", *trust, "--repair-from", "http://127.0.0.1:1/", code=1)
    found = user.run("fsck", "hurt", *trust, "--repair-from", f"{server.url}/copy", "--json").json()
    check("fsck --repair-from --json", set(found) == {"size", "root", "depth", "errors", "repair"}
          and set(found["repair"]) == {"restored", "failed", "broughtUp"}, found)
    check("each is restored", found["errors"] == [] and {entry["file"] for entry in found["repair"]["restored"]} >= {
        "tile/entries/001", "tile/0/002", "checkpoint"}, found["repair"])
    check("bit for bit", files(user.home / "hurt") == good)
    user.run("fsck", "hurt", *trust, "--repair-from", "copy")
    user.run("fsck", "hurt", *trust, "--repair-from", "http://127.0.0.1:1/", code=3, says="127.0.0.1")
    server.bent["copy/tile/entries/001"] = flipped
    (user.home / "hurt/tile/entries/001").unlink()
    result = user.run("fsck", "hurt", *trust, "--repair-from", f"{server.url}/copy", code=1)
    check("a lie is not restored", "not restored" in result.text and not (user.home / "hurt/tile/entries/001").exists(),
          result.text)
    server.bent.clear()
    check("the remedy", "restored" in user.run("fsck", "hurt", "--repair-from", "copy").text)


def restoring(user, server):
    """A backup is put back: it refuses to append, and is brought up."""
    said = user.run("init", "R", "--origin", "example.com/r", "--key", "other.pem", "--mirror", "Rcopy", "--mirror",
                    f"{server.url}/Rcopy", "--json")
    check("with mirrors there is no warning", said.error == "" and len(said.json()["mirrors"]) == 2, said.error)
    vkey = said.json()["vkey"]
    append(user, "R", [1], code=3, says="no such directory")
    append(user, "R", [1], "--offline")
    user.run("mirror", "R", "Rcopy", "--log-key", vkey)
    append(user, "R", [2])
    user.run("mirror", "R", "Rcopy", "--log-key", vkey)
    backup = user.home / "backup"
    shutil.copytree(user.home / "R", backup)
    for number in range(3, 8):
        append(user, "R", [number])
    user.run("mirror", "R", "Rcopy", "--log-key", vkey)
    for remedy in [["fsck", "R", "--repair-from", "Rcopy"], ["mirror", f"{server.url}/Rcopy", "R", "--log-key", vkey]]:
        shutil.rmtree(user.home / "R")
        shutil.copytree(backup, user.home / "R")
        result = append(user, "R", [100], code=1, says="saw size 8")
        check("the remedy is said", "--repair-from" in result.error and "traceledger mirror" in result.error, result.error)
        append(user, "R", [100], "--offline", code=2, says="--offline works only")
        user.run("checkpoint", "R", code=1, says="saw size 8")
        user.run(*remedy)
        user.run("fsck", "R")
        check(f"it goes on after {remedy[0]}", append(user, "R", [100]).lines[0][0] == "8")
        user.run("fsck", "R")
        # The other remedy begins with the same backup; what was appended meanwhile was never mirrored.
    (user.home / "R/state/peers").write_bytes(b"{}")
    append(user, "R", [101], code=2, says="state/peers")


def witnesses(user, server):
    """The quorum of witnesses is asked at tlog-witness's monitoring path."""
    key = user.run("key", "show", "witness.pem", "--format", "hex").text.strip()
    encoded = bytes([4]) + bytes.fromhex(key)
    identifier = hashlib.sha256(b"w1\n" + encoded).digest()[:4].hex()
    import base64
    vkey = f"w1+{identifier}+{base64.b64encode(encoded).decode()}"
    user.write("policy", f"witness w1 {vkey} {server.url}/witness\nquorum w1\n")
    user.write("unasked", f"witness w1 {vkey}\nquorum w1\n")
    user.run("init", "W", "--origin", "example.com/w", "--key", "other.pem", "--policy", "unasked", code=2, says="URL")
    made = user.run("init", "W", "--origin", "example.com/w", "--key", "other.pem", "--policy", "policy", "--json").json()
    check("init --policy", made["cosigners"] == 1, made)
    place = user.home / "witness" / hashlib.sha256(b"example.com/w").hexdigest()
    place.mkdir(parents=True)
    append(user, "W", [1])
    shutil.copy(user.home / "W/checkpoint", place / "checkpoint")
    shutil.copytree(user.home / "W", user.home / "Wold")
    append(user, "W", [2])
    shutil.copy(user.home / "W/checkpoint", place / "checkpoint")
    append(user, "W", [3])
    append(user, "Wold", [3], code=1, says="/witness saw size 3")
    server.bent["/checkpoint"] = broken
    append(user, "W", [4], code=3, says="500")
    append(user, "W", [4], "--offline")
    server.bent.clear()


def following(user, vkey, server):
    arguments = [user.program, "mirror", f"{server.url}/L", "followed", "--log-key", vkey, "--follow", "--interval", "0.2",
                 "--json"]
    process = subprocess.Popen(arguments, cwd=user.home, env=user.environment, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)

    def wait_for(what, condition):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not condition():
            time.sleep(0.05)
        check(f"--follow: {what}", condition())

    def is_current():
        copy = user.home / "followed/checkpoint"
        return copy.exists() and copy.read_bytes() == (user.home / "L/checkpoint").read_bytes()

    wait_for("it catches up", is_current)
    for number in range(5000, 5003):
        append(user, "L", [number])
        wait_for("it follows", is_current)
    server.bent["checkpoint"] = broken
    append(user, "L", [5003])
    time.sleep(0.6)
    check("--follow goes on while the server fails", process.poll() is None)
    server.bent.clear()
    wait_for("it follows again", is_current)
    process.send_signal(signal.SIGTERM)
    output, error = process.communicate(timeout=20)
    check("--follow ends gracefully", process.returncode == 0, error.decode())
    check("a line an update", len(output.splitlines()) == 5, output.decode())
    user.run("fsck", "followed", "--log-key", vkey)


def main(binaries):
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as directory:
        user = User(binaries, directory)
        vkey = setup(user)
        server = Server(user.home)
        mirroring(user, vkey, server)
        interrupted(user, vkey, server)
        lying(user, vkey, server)
        contradictions(user, vkey, server)
        repairing(user, vkey, server)
        restoring(user, server)
        witnesses(user, server)
        following(user, vkey, server)
        server.stop()
    print(f"{commands.passed} passed, {commands.failed} failed")
    return 1 if commands.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
