"""Bytes sent to a node as they are, by a client that need not be one."""

import socket
import time

from harness import Node


def connect(node: Node, source: str | None = None, timeout: float = 10) -> socket.socket:
    return socket.create_connection(("127.0.0.1", node.port), timeout, (source, 0) if source else None)


def received(connection: socket.socket, seconds: float) -> tuple[bytes, bool]:
    """What comes until the other end closes, or for so long; whether it closed."""
    data, deadline = b"", time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        connection.settimeout(left)
        try:
            part = connection.recv(1 << 16)
        except TimeoutError:
            break
        except OSError:
            return data, True
        if not part:
            return data, True
        data += part
        if len(data) > 1 << 22:
            break
    return data, False


def sent(connection: socket.socket, data: bytes) -> bool:
    """Whether all of it could be sent: whoever is refused may be cut off before."""
    try:
        connection.sendall(data)
        return True
    except OSError:
        return False


def talk(node: Node, data: bytes, seconds: float = 10) -> int | None:
    """The status of the answer to `data`, after which nothing more is sent; None where the connection is closed without one."""
    with connect(node) as connection:
        sent(connection, data)
        try:
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        answer, is_closed = received(connection, seconds)
    if not answer:
        assert is_closed, f"neither an answer nor an end in {seconds} s"
        return None
    head = answer.split(b"\r\n", 1)[0].split(b" ", 2)
    assert len(head) == 3 and head[0].startswith(b"HTTP/1.") and head[1].isdigit(), f"no HTTP: {answer[:100]!r}"
    return int(head[1])


def request(method: str, path: str, body: bytes = b"", *fields: str, length: int | None = None) -> bytes:
    """A request as it should be, on a connection that is closed behind it."""
    head = [f"{method} {path} HTTP/1.1", "Host: node.example", "Connection: close", *fields]
    if body or length is not None:
        head.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join([*head, "", ""]).encode("latin-1") + body
