"""Clients that lie: malformed in every parser, too long, too slow, too many. The node answers 4xx or hangs up, keeps its
memory, and everybody else is served meanwhile."""

import gzip
import json
import os
import random
import resource
import socket
import time

from formats import cbor, notes, statement, tree
from harness import Node, ask, document, event, eventually, number
from rawclient import connect, received, request, sent, talk
from report import Skipped, equal

KIB, MIB = 1 << 10, 1 << 20
LIMIT = MIB
# What a node may take more than at rest, however it is asked: the caches and buffers of all its connections.
MEMORY = number("TRACE_MEMORY_MIB", 160)


def statement_of(site, **changes) -> bytes:
    key = site.key("stranger")
    parts = {"kind": statement.NOTE, "payload": b"\x00", "issuer": "9521101000009", "subject": "x", "time": 1, "chain": (0, bytes(32))}
    return statement.sign(key, **(parts | changes))


def request_lines() -> dict[str, bytes]:
    rest = b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    return {
        "a TLS hello": bytes.fromhex("16030100c8010000c40303") + os.urandom(200),
        "an HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "no target": b"GET\r\n\r\n",
        "HTTP/9.9": b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        "no version": b"GET /\r\n\r\n",
        "a method of 10 kB": b"A" * 10_000 + b" /" + rest,
        "a method that nobody has": b"BREW /any/add" + rest,
        "a method in lower case": b"get /any/checkpoint\x00" + rest,
        "a target of 100 kB": b"GET /" + b"a" * 100_000 + rest,
        "a zero in the target": b"GET /any/check\x00point" + rest,
        "bytes above 127 in the target": b"GET /any/\xff\xfe" + rest,
        "a target without a slash": b"GET any/checkpoint" + rest,
        "CONNECT": b"CONNECT node.example:443" + rest,
        "random bytes": os.urandom(4000),
        "a megabyte without a line end": b"x" * MIB,
        "only line ends": b"\r\n" * 50_000,
    }


def header_lines() -> dict[str, bytes]:
    def head(*lines: bytes) -> bytes:
        return b"\r\n".join([b"POST /any/add HTTP/1.1", b"Host: x", b"Connection: close", *lines, b"", b""])

    return {
        "no colon": head(b"Content-Length 3") + b"abc",
        "a space before the colon": head(b"Content-Length : 3") + b"abc",
        "a zero in a value": head(b"X-A: a\x00b"),
        "a line that is continued": head(b"X-A: a", b" b", b"\tContent-Length: 3"),
        "an empty name": head(b": a"),
        "5,000 fields": head(*(b"X-%d: a" % place for place in range(5000))),
        "a field of 64 kB": head(b"X-A: " + b"a" * 64 * KIB),
        "a field of 17 kB": head(b"X-A: " + b"a" * 17 * KIB),
        "two lengths": head(b"Content-Length: 3", b"Content-Length: 4") + b"abcd",
        "a negative length": head(b"Content-Length: -1"),
        "a length above 2^64": head(b"Content-Length: 99999999999999999999999"),
        "a length that is no number": head(b"Content-Length: 0x10"),
        "a length and chunks": head(b"Content-Length: 3", b"Transfer-Encoding: chunked") + b"0\r\n\r\n",
        "chunks that are not last": head(b"Transfer-Encoding: chunked, gzip") + b"0\r\n\r\n",
        "a transfer coding that nobody has": head(b"Transfer-Encoding: rot13") + b"abc",
    }


def chunks() -> dict[str, bytes]:
    def body(content: bytes) -> bytes:
        return b"POST /any/add HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + content

    return {
        "a size that is no number": body(b"zz\r\nabc\r\n0\r\n\r\n"),
        "a negative size": body(b"-1\r\nabc\r\n0\r\n\r\n"),
        "a size above 2^64": body(b"fffffffffffffffff\r\nabc"),
        "a size of 2^63": body(b"8000000000000000\r\nabc"),
        "a chunk that is longer than said": body(b"2\r\nabc\r\n0\r\n\r\n"),
        "no end": body(b"3\r\nabc\r\n"),
        "an extension of 1 MB without an end": body(b"3;" + b"x" * MIB),
        "a trailer of 1 MB": body(b"3\r\nabc\r\n0\r\nX-A: " + b"a" * MIB + b"\r\n\r\n"),
        "10,000 trailers": body(b"3\r\nabc\r\n0\r\n" + b"".join(b"X-%d: a\r\n" % place for place in range(10_000)) + b"\r\n"),
    }


def codings(token: str) -> dict[str, bytes]:
    def capture(content: bytes, coding: str) -> bytes:
        return request("POST", "/farm/capture", content, "Content-Type: application/json", f"Authorization: Bearer {token}",
                       f"Content-Encoding: {coding}")

    good = gzip.compress(b"{}")
    zeros = gzip.compress(bytes(300 * MIB), 9)
    return {
        "not gzip": capture(b"{}", "gzip"),
        "gzip that is cut off": capture(good[:-9], "gzip"),
        "gzip with a wrong checksum": capture(good[:-8] + bytes(8), "gzip"),
        "something behind gzip": capture(good + b"x", "gzip"),
        "a gzip bomb of 300 MiB": capture(zeros, "gzip"),
        "gzip in gzip": capture(gzip.compress(zeros), "gzip"),
        "deflate": capture(b"x", "deflate"),
        "brotli": capture(b"x", "br"),
        "two codings": capture(good, "gzip, gzip"),
        "an empty body that is gzip": capture(b"", "gzip"),
    }


def documents() -> dict[str, bytes]:
    good = json.dumps(document(event(1))).encode()
    return {
        "nothing": b" ",
        "no JSON": b"<xml/>",
        "null": b"null",
        "a number": b"1",
        "not UTF-8": good.replace(b"shipping", b"\xff\xfe\xff\xfe"),
        "a UTF-16 document": good.decode().encode("utf-16"),
        "100,000 brackets": b"[" * 100_000,
        "100,000 objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        "a number of 100,000 digits": b'{"a":' + b"9" * 100_000 + b"}",
        "an exponent of 10 digits": b'{"a":1e9999999999}',
        "half a surrogate": b'{"type":"\\ud800"}',
        "a control character": b'{"type":"a\x01b"}',
        "a key that is there twice": b'{"type":"EPCISDocument","type":"EPCISDocument"}',
        "what stands behind it": good + b"{}",
        "its end is missing": good[:-1],
        "an event list that is none": good.replace(b'"eventList": [', b'"eventList": {"a":[') .replace(b"]}}", b"]}}}"),
        "a document of no type": b'{"epcisBody":{"eventList":[]}}',
        "2,000 nulls": b"[" + b"null," * 1999 + b"null]",
    }


def statements(site) -> dict[str, bytes]:
    def entry(content: bytes, type: str = "application/cose") -> bytes:
        return request("POST", "/farm/entries", content, f"Content-Type: {type}")

    good = statement_of(site)
    table = {
        "nothing": b"",
        "text": b"hello",
        "another type": b"\xd2\x80",
        "an array of 2^64-1": b"\xd2\x9b" + b"\xff" * 8,
        "a byte string of 2^63": b"\xd2\x84\x5b\x80" + bytes(7),
        "a map of 2^32": b"\xd2\x84\x41\xba\xff\xff\xff\xff",
        "nested 60,000 deep": b"\x81" * 60_000 + b"\x00",
        "tags 60,000 deep": b"\xc1" * 60_000 + b"\x00",
        "an indefinite length": b"\xd2\x9f" + good[2:] + b"\xff",
        "no tag": good[1:],
        "its last byte is missing": good[:-1],
        "a byte behind it": good + b"\x00",
        "a wrong signature": good[:-1] + bytes([good[-1] ^ 1]),
        "a chain that begins elsewhere": good,
        "an issuer who is not let in": statement_of(site, issuer="9521101000016"),
        "65,536 bytes": statement_of(site, payload=cbor.encode(bytes(65_536)))[:65_536],
    }
    return {name: entry(content) for name, content in table.items()} | {
        "the wrong media type": entry(good, "application/cbor"),
        "a statement to add": request("POST", "/farm/add", good),
        "no statement to add": request("POST", "/farm/add", b"hello"),
        "a sequence that ends within": request("POST", "/farm/add", good + good[:9], "Content-Type: application/cbor-seq"),
    }


def paths() -> dict[str, str]:
    """What is not there, and above all no other file of the disk."""
    tiles = ["0/000", "0/000.p/0", "0/000.p/256", "0/000.p/01", "0/000.p/-1", "64/000.p/1", "-1/000", "00/000", "0/0", "0/0000", "0/x000/000",
             "0/x001/x000", "0/x001", "0/000.p/1/", "0/000.p", "0/000/p/1", "0/%30%30%30.p/1", "0/000.p/1%00", "entries/000",
             "entries/../../../farm.yaml", "0/" + "x999/" * 30 + "999", "9999999999999999999999/000", "0/99999999999999999999999",
             "data/000", "../checkpoint", "", "0", "0/"]
    return {path: path for path in [
        *(f"/any/tile/{tile}" for tile in tiles), "/any/", "/any", "//any/checkpoint", "/any//checkpoint", "/any/./checkpoint",
        "/any/../any/checkpoint", "/any/%2e%2e/any/checkpoint", "/../any.pem", "/any/../../any.pem", "/any/..%2f..%2fany.pem",
        "/any/state/peers", "/any/state", "/any/lock", "/any/private/x", "/any/evidence/x", "/any/.", "/.well-known/", "/.well-known/x", "/.git/config",
        "/any/checkpoints/0", "/any/checkpoints/00", "/any/checkpoints/-1", "/any/checkpoints/..", "/any/checkpoints/1.cose.cose",
        "/any/entries/-1", "/any/entries/01", "/any/entries/99999999999999999999", "/any/entries/4", "/any/entries/x", "/any/entries/1/2",
        "/.well-known/scitt-keys/x", "/.well-known/scitt-keys/" + "A" * 1000, "/.well-known/scitt-keys/%00", "/witness/x/checkpoint",
        "/witness/" + "0" * 64 + "/checkpoint", "/mirror/" + "0" * 64 + "/checkpoint", "/mirror/x/tile/0/000", "/mirror/../any/checkpoint",
        "/evidence/..%2fany.pem", "/evidence/x", "/evidence/", "/healthz/x", "/metrics/x", "/" + "a/" * 900, "/%", "/%zz", "/any/%", "/01/x",
    ]}


def queries() -> list[str]:
    return ["perPage=-1", "perPage=x", "perPage=99999999999999999999", "nextPageToken=x", "nextPageToken=" + "A" * 1500, "GE_eventTime=yesterday",
            "LT_eventTime=9999-99-99T99:99:99Z", "EQ_action=EAT", "eventType=", "eventType=%ff", "orderBy=weight", "MATCH_epc=%00",
            "MATCH_epc=urn:epc:id:sgtin:x", "EQ_bizStep=%", "EQ_bizStep=%zz", "nobody=1", "=", "EQ_nobody=1", "MATCH_epcClass=" + "x" * 1500,
            "&".join(f"EQ_bizStep={place}" for place in range(201)), "GE_recordTime=", "orderDirection=UP", "perPage=1&perPage=2",
            "EQ_eventID=' OR 1=1 --", "eventCountLimit=-1"]


def malformed(report, site, node: Node) -> None:
    token = site.token("erp")
    groups = {"request line": request_lines(), "header": header_lines(), "chunked body": chunks(), "coding": codings(token),
              "CBOR": statements(site)}
    for group, table in groups.items():
        for name, data in table.items():
            with report(f"{group}, {name}: 4xx or an end"):
                status = talk(node, data)
                # HTTP/9.9 and what no server has yet are 5xx by right.
                assert status is None or 400 <= status < 500 or status in (501, 505), f"status {status}"
                assert node.is_running, f"the node died: {node.log[-600:]}"
    for name, content in documents().items():
        with report(f"JSON, {name}: 4xx, or a job in which every event is refused"):
            answer = node.post("/farm/capture", content, {"Content-Type": "application/json", "Authorization": f"Bearer {token}"})
            assert answer.status in (202, 400), f"{answer}"
            if answer.status == 202:
                job = answer.json()
                assert not job["success"] and not any("index" in item for item in job["events"]) and job["errors"], f"{answer}"
    with report("paths that lead nowhere: 404, and no file of the disk"):
        for path in paths():
            status = talk(node, request("GET", path.replace(" ", "%20")))
            assert status in (400, 401, 404, 405), f"{status} for {path}"
    with report("queries that ask for nothing: 400, or an answer; never 5xx"):
        for query in queries():
            for place in ["events", "epcs/urn:epc:id:sgtin:x/events"]:
                status = talk(node, request("GET", f"/farm/{place}?{query}".replace(" ", "%20")))
                assert status in (200, 400, 404, 413, 414, 431), f"{status} for {place}?{query}"
    with report("methods that a resource does not have: 405 with Allow"):
        for method, path in [("DELETE", "/any/checkpoint"), ("PUT", "/any/add"), ("GET", "/any/add"), ("POST", "/any/checkpoint"),
                             ("GET", "/farm/capture"), ("POST", "/healthz"), ("POST", "/status.json"), ("DELETE", "/farm/events"),
                             ("POST", "/.well-known/scitt-keys"), ("PATCH", "/any/tile/0/000.p/1")]:
            answer = ask(method, node.url + path, b"" if method in ("POST", "PUT", "PATCH") else None)
            equal((answer.status, "allow" in answer.headers), (405, True), f"{method} {path}: {answer}")
    with report("who has no token, or another's: 401 with WWW-Authenticate; the scheme in any case"):
        for value in ["", "Bearer", "Bearer ", "Bearer x", f"Bearer {token}x", f"Bearer {token[:-1]}", f"Basic {token}", "Bearer " + "x" * 5000,
                      f"Bearer {token}, Bearer {token}"]:
            answer = node.post("/farm/capture", b"{}", {"Content-Type": "application/json", "Authorization": value})
            equal((answer.status, "www-authenticate" in answer.headers), (401, True), f"{value[:40]!r}: {answer}")
        answer = node.post("/farm/capture", b"null", {"Content-Type": "application/json", "Authorization": f"bearer {token}"})
        assert answer.status in (202, 400), f"{answer}"
    seed = number("TRACE_SEED", random.randrange(1 << 32))
    with report(f"requests with bytes that were changed at random (TRACE_SEED={seed})"):
        mutate(site, node, random.Random(seed), number("TRACE_MUTATIONS", 300))


def mutate(site, node: Node, chance: random.Random, count: int) -> None:
    token = site.token("erp")
    log = notes.checkpoint("any.example/log", [bytes(32)], site.key("log"))
    seeds = [
        request("GET", "/any/checkpoint", b"", "Accept-Encoding: gzip", "If-None-Match: \"x\""),
        request("GET", "/farm/events?MATCH_epc=urn:epc:id:sgtin:9521101.053001.*&perPage=3"),
        request("POST", "/any/add", b"hello"),
        request("POST", "/witness/add-checkpoint", b"old 0\n\n" + log),
        request("POST", "/farm/entries", statement_of(site), "Content-Type: application/cose"),
        request("POST", "/farm/capture", gzip.compress(b'{"type":"EPCISDocument"}'), "Content-Type: application/json",
                "Content-Encoding: gzip", f"Authorization: Bearer {token}"),
        b"POST /any/add HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;a=b\r\nde\r\n0\r\nX: y\r\n\r\n",
    ]
    for _ in range(count):
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(data))
            match chance.randrange(4):
                case 0: data[at] = chance.randrange(256)
                case 1: del data[at : at + chance.randrange(1, 20)]
                case 2: data[at:at] = data[at : at + chance.randrange(1, 40)]
                case 3: data[at:at] = bytes(chance.choice(b"\r\n\0 :;,%/\xff0") for _ in range(chance.randrange(1, 4)))
        status = talk(node, bytes(data))
        assert status is None or status < 500 or status in (501, 505), f"status {status} for {bytes(data)!r}"


def oversized(report, site, node: Node) -> None:
    token = site.token("erp")
    fields = ["Content-Type: application/json", f"Authorization: Bearer {token}"]
    with report("a length above the limit is answered before the body comes: 413"):
        with connect(node) as connection:
            connection.sendall(request("POST", "/farm/capture", b"", *fields, length=LIMIT + 1))
            answer, _ = received(connection, 5)
            assert answer.startswith(b"HTTP/1.1 413"), f"{answer[:100]!r}"
    for path, length, more in [("/farm/capture", LIMIT + 1, fields), ("/any/add", 65_536, []), ("/farm/add", 65_536, []),
                               ("/witness/add-checkpoint", 2 * MIB, []), ("/farm/entries", 65_536, ["Content-Type: application/cose"])]:
        with report(f"{path} with {length} bytes, by length and in chunks: 413"):
            body = b"x" * length
            for data in [request("POST", path, body, *more),
                         request("POST", path, b"", "Transfer-Encoding: chunked", *more) + b"%x\r\n" % length + body + b"\r\n0\r\n\r\n"]:
                status = talk(node, data)
                assert status in (413, None), f"status {status}"
    with report("an endless body is cut off"):
        with connect(node) as connection:
            connection.sendall(request("POST", "/farm/capture", b"", "Transfer-Encoding: chunked", *fields))
            count, piece = 0, b"10000\r\n" + b"x" * 65_536 + b"\r\n"
            while sent(connection, piece) and count < 4000:
                count += 1
            assert count < 4000, "250 MiB were taken"
    with report("an entry of 65,535 bytes is taken and served"):
        body = os.urandom(65_535)
        answer = node.post("/any/add", body)
        equal(answer.status, 200, f"{answer}")
        index = int(answer.body)
        bundle = node.get(f"/any/{tree.tile_path('entries', index // 256, index % 256 + 1)}").body
        equal(tree.read_bundle(bundle)[index % 256] == body, True, "the entry is in the bundle")


def slow(report, site, node: Node) -> None:
    """headerSeconds is 1 and requestSeconds 3 here."""
    with report("headers that come a byte at a time are cut off in time, and others are served meanwhile"):
        begun = time.monotonic()
        clients = [connect(node) for _ in range(6)]
        ended: dict[int, float] = {}
        while len(ended) < len(clients) and time.monotonic() - begun < 15:
            for place, client in enumerate(clients):
                if place not in ended and (not sent(client, b"G") or is_closed(client)):
                    ended[place] = time.monotonic() - begun
            assert node.get("/healthz", timeout=5).status == 200
            time.sleep(0.1)
        equal(len(ended), len(clients), "connections that were cut off")
        assert max(ended.values()) < 6, f"after {max(ended.values()):.1f} s"
    with report("a connection that says nothing, and one that is idle behind an answer, are closed"):
        for first in [b"", b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"]:
            with connect(node) as client:
                client.sendall(first)
                answer, closed = received(client, 8)
                assert closed, f"open after 8 s behind {answer[:20]!r}"
    with report("a body that comes a byte at a time is cut off in time"):
        with connect(node) as client:
            client.sendall(request("POST", "/any/add", b"", length=60_000))
            begun = time.monotonic()
            while sent(client, b"x") and not is_closed(client) and time.monotonic() - begun < 15:
                time.sleep(0.1)
            assert time.monotonic() - begun < 10, "open after 10 s"
    with report("an answer that is not read is given up in time"):
        client = connect(node)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(b"GET /any/checkpoint HTTP/1.1\r\nHost: x\r\n\r\n" * 2000)
        time.sleep(5)
        client.close()
        assert node.is_alive()
    with report("pipelined requests are all answered, in their order"):
        with connect(node) as client:
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n" * 20
                           + request("GET", "/healthz"))
            answer, _ = received(client, 5)
            statuses = [part[:3] for part in answer.split(b"HTTP/1.1 ")[1:]]
            equal(statuses, [b"200", b"404"] * 20 + [b"200"], "statuses")
    with report("who goes away in the middle costs nothing"):
        for place in range(60):
            client = connect(node)
            client.sendall(request("POST", "/any/add", b"x" * 100, length=60_000) if place % 2 else b"GET /any/checkpoint HTTP/1.1\r\n\r\n")
            client.close()
            # So few from one address: let the node see that they are gone.
            if place % 6 == 5:
                time.sleep(0.05)
        eventually("others are served", node.is_alive)


def is_closed(client) -> bool:
    client.setblocking(False)
    try:
        return client.recv(1 << 16, ) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        client.setblocking(True)


def many(report, site, node: Node) -> None:
    """connectionsPerAddress is 8 here."""
    with report("the ninth connection of an address is closed, one of another address is served"):
        time.sleep(0.2)  # those before are gone
        held = [connect(node) for _ in range(8)]
        for client in held:
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert client.recv(4096).startswith(b"HTTP/1.1 200")
        with connect(node) as ninth:
            sent(ninth, request("GET", "/healthz"))
            answer, closed = received(ninth, 5)
            assert answer == b"" and closed, f"{answer[:60]!r}"
        with connect(node, "127.0.0.2") as other:
            other.sendall(request("GET", "/healthz"))
            assert received(other, 5)[0].startswith(b"HTTP/1.1 200"), "another address is not served"
        for client in held:
            client.close()
        eventually("the address is served again", node.is_alive, 10)


def crowds(report, site) -> None:
    """Ten thousand connections of one address against the limits as they are, and some thousands that are let in."""
    crowd(report, site, number("TRACE_CONNECTIONS", 10_000), {})
    held = number("TRACE_CONNECTIONS_HELD", 2500)
    crowd(report, site, held, {"connections": held + 100, "connectionsPerAddress": held + 100})


def crowd(report, site, count: int, limits: dict) -> None:
    what = "are held" if limits else "above 256 are closed"
    with report(f"{count} connections from one address {what}; another address is served meanwhile"):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = count + 500
        if max(soft, hard) < wanted:
            raise Skipped(f"at most {hard} open files")
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
        node = site.node("crowd", ledgers=[{"path": "any", "origin": "crowd.example/log", "key": site.key_file("crowd"),
                                            "admission": "any"}], limits={"headerSeconds": 120, **limits})
        clients: list[socket.socket] = []
        try:
            node.start().wait("/readyz")
            before = node.rss
            for place in range(count):
                clients.append(connect(node, timeout=30))
                if place % 1000 == 999:
                    require_served(node)
            if limits:
                for client in clients[:: count // 50]:
                    client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                    client.settimeout(30)
                    assert client.recv(4096).startswith(b"HTTP/1.1 200"), "a connection that is held is not served"
            else:
                eventually("those above the limit are closed", lambda: sum(not is_closed(client) for client in clients) <= 256)
            assert node.rss - before < 40 + count // 20, f"{before} MiB became {node.rss} MiB"
            require_served(node)
        finally:
            for client in clients:
                client.close()
            node.kill()
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def require_served(node: Node) -> None:
    """Somebody of another address is answered in time."""
    with connect(node, "127.0.0.2", timeout=30) as other:
        other.sendall(request("GET", "/any/checkpoint"))
        assert received(other, 30)[0].startswith(b"HTTP/1.1 200"), "another address is not served"


def costs(report, site) -> None:
    """What one document costs grows with its length, not with the square of it."""
    with report("a document of 16,000 refused events takes no more than 14 times as long as one of 2,000"):
        node = site.node("costs", ledgers=[{"path": "farm", "origin": "costs.example/ledger", "key": site.key_file("costs"),
                                            "capture": {"issuer": "9521101000009", "key": site.key_file("enterprise")},
                                            "tokens": [{"name": "erp", "file": "erp.token"}]}])
        node.start().wait("/readyz")
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {site.token('erp')}"}
        times = []
        for count in (1000, 2000, 16_000):
            begun = time.monotonic()
            equal(node.post("/farm/capture", b"[" + b"null," * (count - 1) + b"null]", headers, timeout=120).status, 202, "status")
            times.append(time.monotonic() - begun)
        node.kill()
        assert times[2] < 14 * times[1], f"{times[1]:.1f} s and {times[2]:.1f} s"


def run(report, site) -> None:
    site.token("erp")
    node = site.node(
        "node",
        ledgers=[
            {"path": "farm", "origin": "farm.example/ledger", "key": site.key_file("farm"), "admission": ["9521101000009"],
             "capture": {"issuer": "9521101000009", "key": site.key_file("enterprise")}, "tokens": [{"name": "erp", "file": "erp.token"}]},
            {"path": "any", "origin": "any.example/any", "key": site.key_file("any"), "admission": "any"},
        ],
        witness={"name": "w.example/w", "key": site.key_file("witness"), "ledgers": [site.vkey("log", "any.example/log")]},
        limits={"connectionsPerAddress": 8, "headerSeconds": 1, "requestSeconds": 3, "documentBytes": LIMIT, "anonymousRate": 0},
    )
    node.start().wait("/readyz")
    with report("something is there to be asked for"):
        equal(node.capture("farm", "erp", event(1), event(2)).status, 202, "capture")
        equal(node.post("/any/add", b"first").status, 200, "add")
    process, before = node.process.pid, node.rss
    for part in [malformed, oversized, slow, many]:
        part(report, site, node)
    with report("the node is the same process, serves, takes entries, and kept its memory"):
        equal((node.is_running, node.process.pid), (True, process), "the process")
        assert node.is_alive()
        equal(node.capture("farm", "erp", event(3)).status, 202, "capture")
        assert node.peak_rss - before < MEMORY, f"{before} MiB became {node.peak_rss} MiB"
        assert not any(word in node.log for word in ["Fatal error", "Illegal instruction", "a request failed"]), node.log[-800:]
    with report("the ledgers are sound after all that"):
        equal(node.stop(), 0, "exit")
        for path in ["farm", "any"]:
            site.ledger_program("fsck", node.data / path, "--log-key", site.vkey(path, node.configuration["ledgers"][path == "any"]["origin"]),
                                *(["--depth", "tree"] if path == "any" else []))
    costs(report, site)
    crowds(report, site)
