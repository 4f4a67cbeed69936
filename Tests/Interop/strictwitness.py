"""A witness of our own hand, as strict as the specification lets it be: it checks every request that it is brought, and counts
what is wrong in them."""

import http.server
import threading
import time
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from formats import keys, notes, tree


class StrictWitness:
    """C2SP tlog-witness for logs of these names and keys, on a port of its own."""

    def __init__(self, name: str, key: Ed25519PrivateKey, logs: dict[str, bytes], port: int):
        self.name, self.key, self.logs = name, key, logs
        self.held: dict[str, notes.Checkpoint] = {}
        self.notes: dict[str, bytes] = {}
        self.answers: list[int] = []
        self.faults: list[str] = []
        self.lock = threading.Lock()
        self.is_stopped = False
        # What is added to every answer: lines that a client must ignore.
        self.extra = b""
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def reply(self, status: int, body: bytes, type: str = "text/plain; charset=utf-8") -> None:
                self.send_response(status)
                self.send_header("Content-Type", type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                hash, _, rest = self.path.strip("/").partition("/")
                for origin, note in outer.notes.items():
                    if (sha256(origin.encode()).hexdigest(), "checkpoint") == (hash, rest):
                        return self.reply(200, note)
                self.reply(404, b"nothing\n")

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if outer.is_stopped:  # a connection that was kept open
                    self.close_connection = True
                    return
                if self.path != "/add-checkpoint":
                    return self.reply(404, b"no such place\n")
                with outer.lock:
                    status, answer = outer.add(body)
                    outer.answers.append(status)
                self.reply(status, answer, "text/x.tlog.size" if status == 409 else "text/plain; charset=utf-8")

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{port}"

    def stop(self) -> None:
        self.is_stopped = True
        self.server.shutdown()
        self.server.server_close()

    def add(self, body: bytes) -> tuple[int, bytes]:
        try:
            head, _, note = body.partition(b"\n\n")
            first, *path = head.split(b"\n")
            notes.require(first.startswith(b"old ") and len(path) <= 63, "no old line, or too many hashes")
            old, path = notes.decimal(first[4:]), [notes.base64(line) for line in path]
            checkpoint = notes.Checkpoint.read(note)
        except (notes.BadNote, ValueError) as error:
            self.faults.append(str(error))
            return 400, b"malformed\n"
        if checkpoint.origin not in self.logs:
            self.faults.append(f"an unknown origin {checkpoint.origin}")
            return 404, b"unknown log\n"
        try:
            checkpoint.require_log_signature(self.logs[checkpoint.origin])
        except notes.BadNote as error:
            self.faults.append(str(error))
            return 403, b"invalid signature\n"
        if old > checkpoint.size:
            self.faults.append("old above the size")
            return 400, b"old above the size\n"
        held = self.held.get(checkpoint.origin)
        if old != (held.size if held else 0):
            # No fault: nobody has to know what a witness holds.
            return 409, b"%d\n" % (held.size if held else 0)
        if not self.extends(held, checkpoint, path):
            self.faults.append(f"a bad proof from {old} to {checkpoint.size}")
            return 422, b"bad consistency proof\n"
        line = notes.cosignature_line(checkpoint.text, self.name, self.key, int(time.time()))
        self.held[checkpoint.origin] = checkpoint
        self.notes[checkpoint.origin] = note + line
        return 200, self.extra + line

    @staticmethod
    def extends(held: notes.Checkpoint | None, new: notes.Checkpoint, path: list[bytes]) -> bool:
        if held is None or held.size == 0:
            return not path and (new.size > 0 or new.root == tree.EMPTY)
        if held.size == new.size:
            return not path and held.root == new.root
        try:
            return tree.roots_from_consistency(held.size, new.size, held.root, path) == (held.root, new.root)
        except ValueError:
            return False

    @property
    def vkey(self) -> str:
        return keys.vkey(self.name, keys.public_bytes(self.key), 4)

