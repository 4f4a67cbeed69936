"""A small site that serves the page as `tracenode` does, and writes down what it was asked."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit


class Site:
    """`files` are bytes by path; a path may carry its query. `activations` are the statements that were posted."""

    def __init__(self, folder: Path, files: dict[str, bytes] | None = None, address: str = "127.0.0.1"):
        self.folder, self.files = folder, files or {}
        self.asked: list[str] = []
        self.activations: list[bytes] = []
        self.answer = (201, {"index": 7, "first": True})
        self.server = ThreadingHTTPServer((address, 0), type("Handler", (Handler,), {"site": self}))
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://{self.server.server_address[0]}:{self.server.server_address[1]}"

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def __enter__(self) -> "Site":
        return self

    def __exit__(self, *_) -> None:
        if self.thread.is_alive():
            self.stop()


class Handler(BaseHTTPRequestHandler):
    site: Site

    def do_GET(self) -> None:
        self.site.asked.append(self.path)
        link = urlsplit(self.path)
        if self.path in self.site.files:
            kind = "text/html; charset=utf-8" if link.path == "/verify" else "application/octet-stream"
            return self.send(200, kind, self.site.files[self.path])
        if link.path == "/sw.js":
            return self.send(200, "text/javascript", (self.site.folder / "sw.js").read_bytes())
        if link.path == "/verify" or (link.path.startswith("/01/") and "linkType" not in parse_qs(link.query)):
            return self.send(200, "text/html; charset=utf-8", (self.site.folder / "verify.html").read_bytes())
        self.send(404, "application/problem+json", b'{"title":"Not Found"}')

    def do_POST(self) -> None:
        self.site.asked.append(f"POST {self.path}")
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path != "/activations":
            return self.send(404, "application/problem+json", b'{"title":"Not Found"}')
        self.site.activations.append(body)
        status, answer = self.site.answer
        self.send(status, "application/json", json.dumps(answer).encode())

    def send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        pass
