"""Openings of packs, recorded by an origin and through a mirror of it: first and later ones, an origin that is down, a mirror that
is killed, and whoever has no code, another code, a proof of nothing, or a machine that guesses."""

import base64
import http.server
import json
import os
import re
import threading
import time
import urllib.parse

from follower import Fetch
from formats import cbor, completeness, items, keys, statement, tree
from formats.statement import Statement
from harness import Answer, Node, Site, document, eventually, free_port
from report import equal

ORIGIN, OTHER, TOKEN = "dairy.example/log", "other.example/log", "erp"
COSE = {"Content-Type": "application/cose"}
GTIN = "09521101530018"


def own(site: Site, name: str, origin: str, **changes) -> dict:
    return {
        "path": name, "origin": origin, "key": site.key_file(name),
        "capture": {"issuer": "9521101000009", "key": site.key_file(f"{name}-enterprise")},
        "tokens": [{"name": f"{name}-{TOKEN}", "file": f"{TOKEN}.token"}], **changes,
    }


def commission(node: Node, ledger: str, batch: items.Batch) -> bytes:
    """The leaf hash of the entry that commissions a batch."""
    body = document(batch.event())
    body["@context"].append(items.CONTEXT)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {node.site.token(TOKEN)}"}
    answer = node.post(f"/{ledger}/capture", json.dumps(body).encode(), headers)
    equal(answer.status, 202, f"{answer}")
    verdict = answer.json()["events"][0]
    return bytes.fromhex(verdict["leafHash"])


def send(node: Node, entry: bytes, **headers: str) -> Answer:
    return node.post("/activations", entry, COSE | headers)


def receipt_of(answer: Answer, entry: bytes, log_key: bytes, first: bool | None = None) -> dict:
    """What a 201 says, its receipt checked by our own code."""
    equal((answer.status, answer.type), (201, "application/json"), f"{answer}")
    told = answer.json()
    equal(told["ledger"], ORIGIN, "the ledger")
    equal(told["leafHash"], tree.leaf_hash(entry).hex(), "the leaf hash")
    size, index, _ = statement.verify_receipt(base64.b64decode(told["receipt"]), entry, ORIGIN, log_key)
    equal(index, told["index"], "the index")
    assert index < size and told["firstIndex"] <= index, f"{told}"
    equal(told["first"], told["firstIndex"] == index, "first")
    if first is not None:
        equal(told["first"], first, "first")
    return told


def problem(answer: Answer, status: int, words: str = "") -> None:
    equal((answer.status, answer.type), (status, "application/problem+json"), f"{answer}")
    assert words in answer.body.decode(), f"{words!r} is not in {answer}"


def proof(node: Node, identity: str, log_key: bytes, **more: str) -> tuple[list[int], int]:
    """Where the entries about an item stand, and before which index these are all, as a subject proof has it."""
    query = urllib.parse.urlencode({"id": identity, **more})
    answer = node.get(f"/activations?{query}")
    equal((answer.status, answer.type), (200, "application/cbor"), f"{answer}")
    subject, indices, size = completeness.verify(answer.body, log_key)
    equal(subject, identity, "the subject")
    return indices, size


def kept_files(node: Node, suffix: str) -> list[str]:
    return [name for name in os.listdir(node.data / "activations") if name.endswith(suffix)]


def refusals(report, site: Site, node: Node, batch: items.Batch, leaf: bytes, log_key: bytes) -> None:
    stranger = items.Batch(GTIN, ["C0", "C1"])
    wrong_path = batch.proof(1)
    wrong_path[3] = wrong_path[3][:-1] + [bytes(32)]
    other_place = batch.proof(1)
    other_place[0] = 2
    keyless = batch.proof(1)
    keyless[2] = [batch.serials[1], None, batch.salts[1]]
    table = [
        ("no statement", 400, b"hello", "no signed statement"),
        ("an event's statement", 422, statement.sign(site.key("x"), 65001, b"\xa0", "9521101000009", "-", 1, (0, leaf)), ""),
        ("another hidden code", 422, batch.activation(1, ORIGIN, leaf, key=stranger.keys[1]), "iss and kid"),
        ("the code of another item of the lot", 422, batch.activation(1, ORIGIN, leaf, key=batch.keys[2]), "iss and kid"),
        ("a proof with another path", 422, batch.activation(1, ORIGIN, leaf, proof=wrong_path), "does not lead"),
        ("a proof at another index", 422, batch.activation(1, ORIGIN, leaf, proof=other_place), "does not lead"),
        ("an item that has no key", 422, batch.activation(1, ORIGIN, leaf, proof=keyless), "no key"),
        ("a lot that was never logged", 422, stranger.activation(1, ORIGIN, leaf), "does not lead"),
        ("an entry that is not there", 422, batch.activation(1, ORIGIN, bytes(32)), "no entry"),
        ("another product", 422, batch.activation(1, ORIGIN, leaf, subject=f"(01)09521101530025(21){batch.serials[1]}"), ""),
        ("a ledger that is not here", 404, batch.activation(1, "nobody.example/log", leaf), "nobody.example/log"),
        ("longer than any activation", 413, bytes(16_385), "16384"),
    ]
    for what, status, entry, words in table:
        with report(f"refused: {what}"):
            problem(send(node, entry), status, words)
    with report("refused: a signature with one bit changed, at every eighth byte"):
        entry = batch.activation(1, ORIGIN, leaf)
        for place in range(len(entry) - 64, len(entry), 8):
            changed = entry[:place] + bytes([entry[place] ^ 1]) + entry[place + 1:]
            problem(send(node, changed), 422)
    with report("refused: any byte of the statement changed"):
        before = node.status["ledgers"][0]["committed"]
        for place in range(0, len(entry), 7):
            answer = send(node, entry[:place] + bytes([entry[place] ^ 0x20]) + entry[place + 1:])
            assert answer.status in (400, 404, 422, 429), f"byte {place}: {answer}"
            if answer.status == 429:
                time.sleep(int(answer.headers["retry-after"]))
        equal(node.status["ledgers"][0]["committed"], before, "committed")
    with report("refused: another type of body, another method, more than one id, an id that is no item"):
        problem(node.post("/activations", entry, {"Content-Type": "application/json"}), 415)
        equal(node.get("/activations/x").status, 404, "below it")
        for query in ("", "?id=x", "?id=(01)09521101530018", "?id=(01)09521101530019(21)A", "?id=(01)09521101530018(21)A&x=1",
                      "?id=(01)09521101530018(21)A&id=(01)09521101530018(21)B"):
            problem(node.get(f"/activations{query}"), 400)
        problem(node.get("/activations?id=(01)09521101530018(21)A&ledger=nobody.example/log"), 404)
    with report("a page from elsewhere may ask and send"):
        from harness import ask
        answer = ask("OPTIONS", f"{node.url}/activations")
        equal((answer.status, answer.headers["access-control-allow-origin"]), (204, "*"), f"{answer}")
        assert "POST" in answer.headers["access-control-allow-methods"], f"{answer.headers}"


def recording(report, site: Site, node: Node, batch: items.Batch, leaf: bytes, log_key: bytes) -> dict:
    told = {}
    with report("the first opening: 201 with its receipt; the same bytes again, the same answer"):
        told["entry"] = batch.activation(0, ORIGIN, leaf)
        first = receipt_of(send(node, told["entry"]), told["entry"], log_key, first=True)
        again = receipt_of(send(node, told["entry"]), told["entry"], log_key, first=True)
        equal(again["index"], first["index"], "the index")
        told["index"] = first["index"]
    with report("a second opening is recorded and is no first"):
        entry = batch.activation(0, ORIGIN, leaf)
        second = receipt_of(send(node, entry), entry, log_key, first=False)
        equal(second["firstIndex"], told["index"], "where the first stands")
        told["second"] = second["index"]
    with report("the ledger holds what was sent, byte by byte"):
        fetch = Fetch(f"{node.url}/dairy")
        size = int(fetch("checkpoint").split(b"\n")[1])
        bundle = fetch(f"tile/entries/000.p/{size}")
        held, place = [], 0
        while place < len(bundle):
            length = int.from_bytes(bundle[place:place + 2], "big")
            held.append(bundle[place + 2:place + 2 + length])
            place += 2 + length
        equal(held[told["index"]], told["entry"], "the entry")
        equal(Statement.read(held[told["index"]]).kind, items.ACTIVATION, "the kind")
    with report("a subject proof has both openings as soon as the map is logged behind them, and none of an item never opened"):
        want = [told["index"], told["second"]]
        eventually("the map knows of both", lambda: proof(node, batch.identity(0), log_key)[0] == want)
        equal(proof(node, batch.identity(3), log_key)[0], [], "an item that was never opened")
    return told


def mirrored(report, site: Site, farm: Node, shop: Node, batch: items.Batch, leaf: bytes, log_key: bytes, told: dict) -> None:
    with report("a mirror forwards an opening to the ledger, and answers with the ledger's receipt"):
        entry = batch.activation(4, ORIGIN, leaf)
        answer = eventually("the receipt", lambda: (a := send(shop, entry)).status == 201 and a)
        receipt_of(answer, entry, log_key, first=True)
        equal((kept_files(shop, ".cose"), len(kept_files(shop, ".json"))), ([], 1), "what the mirror keeps")
    with report("what the ledger refuses the mirror tells, and keeps nothing"):
        forged = items.Batch(GTIN, ["F0", "F1"]).activation(0, ORIGIN, leaf)
        answer = eventually("the refusal", lambda: (a := send(shop, forged)).status == 422 and a)
        problem(answer, 422, "refused")
        equal(kept_files(shop, ".cose"), [], "what the mirror keeps")
    with report("the mirror itself tells first from later, by what it mirrors"):
        want = [told["index"], told["second"]]
        eventually("the mirror knows of both", lambda: proof(shop, batch.identity(0), log_key)[0] == want)
        equal(proof(shop, batch.identity(0), log_key, ledger=ORIGIN)[0], want, "when the ledger is named")
    with report("with the ledger's node down an opening is kept: 202, durable over kill -9, handed on when it is up again"):
        farm.kill()
        waiting = [batch.activation(place, ORIGIN, leaf) for place in (5, 6, 6)]
        for entry in waiting:
            answer = send(shop, entry)
            equal((answer.status, answer.json()["status"]), (202, "kept"), f"{answer}")
            equal(send(shop, entry).json()["status"], "kept", "the same again")
        equal(len(kept_files(shop, ".cose")), 3, "files")
        shop.kill()
        shop.start().wait("/healthz")
        eventually("they are known", lambda: shop.status["activations"]["kept"] == 3)
        equal(send(shop, waiting[0]).json()["status"], "kept", "after kill -9")
        farm.start().wait("/readyz")
        eventually("they are recorded", lambda: shop.status["activations"]["kept"] == 0)
        told = [receipt_of(send(shop, entry), entry, log_key) for entry in waiting]
        equal([one["first"] for one in told], [True, True, False] if told[1]["index"] < told[2]["index"] else [True, False, True], "first")
        equal(kept_files(shop, ".cose"), [], "what waits")
    with report("killed at any moment, a mirror loses none that it answered for"):
        entries = [batch.activation(place, ORIGIN, leaf) for place in range(10, 40)]
        accepted = []

        def flood():
            for entry in entries:
                try:
                    if send(shop, entry).status in (201, 202):
                        accepted.append(entry)
                except OSError:
                    pass

        for _ in range(3):
            sender = threading.Thread(target=flood)
            sender.start()
            time.sleep(0.4)
            shop.kill()
            sender.join()
            shop.start().wait("/healthz")
        eventually("all are handed on", lambda: shop.status["activations"]["kept"] == 0)
        for entry in accepted:
            receipt_of(eventually("a receipt", lambda: (a := send(shop, entry)).status == 201 and a), entry, log_key)
    with report("metrics and status count them"):
        entry = batch.activation(41, ORIGIN, leaf)
        eventually("the receipt", lambda: send(shop, entry).status == 201)
        text = shop.get("/metrics").body.decode()
        assert re.search(r'tracenode_activations_total\{origin="dairy.example/log",outcome="receipts"\} [1-9]', text), text[-2000:]
        assert "tracenode_activations_waiting 0" in text, "the gauge"
        text = farm.get("/metrics").body.decode()
        assert re.search(r'tracenode_activations_total\{origin="dairy.example/log",outcome="admitted"\} [1-9]', text), "farm"


class Liar:
    """Something that answers for a ledger's node, and not the truth."""

    def __init__(self):
        self.answer, self.asked = (500, b""), 0
        liar = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                liar.asked += 1
                body = self.rfile.read(int(self.headers["content-length"]))
                status, content = liar.answer if not callable(liar.answer) else liar.answer(body)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/activations"


def lies(report, site: Site, farm: Node, batch: items.Batch, leaf: bytes, log_key: bytes) -> None:
    liar = Liar()
    site.cleanups.append(liar.server.shutdown)
    node = site.node("lied", limits={"keptActivations": 3}, mirrors=[{
        "vkey": site.vkey("dairy", ORIGIN), "url": f"{farm.peer_url}/dairy", "interval": 0.3, "activations": liar.url}])
    node.start()
    entry = batch.activation(50, ORIGIN, leaf)
    good = receipt_of(send(farm, entry), entry, log_key)
    another = batch.activation(51, ORIGIN, leaf)
    other = receipt_of(send(farm, another), another, log_key)
    forged = statement.root_signature(site.key("liar"), ORIGIN, bytes(32))
    lie = {
        "nothing": b"", "no JSON": b"<html>", "another activation's answer": json.dumps(other).encode(),
        "another activation's receipt": json.dumps(good | {"receipt": other["receipt"]}).encode(),
        "a receipt of another key": json.dumps(good | {"receipt": base64.b64encode(forged).decode()}).encode(),
        "an index before the first": json.dumps(good | {"firstIndex": good["index"] + 1}).encode(),
        "another ledger": json.dumps(good | {"ledger": OTHER}).encode(), "long": b'{"ledger": "' + bytes(100_000) + b'"}',
    }
    for what, body in lie.items():
        with report(f"a receipt that does not hold is none: {what}"):
            liar.answer, before = (201, body), liar.asked
            equal(send(node, entry).json()["status"], "kept", "the answer")
            eventually("it was tried", lambda: liar.asked > before, 20)
            equal(send(node, entry).json()["status"], "kept", "after it was tried")
            node.restart()
    for status in (302, 403, 404, 405, 429, 500, 503):
        with report(f"an origin that answers {status} does not make the mirror forget"):
            liar.answer, before = (status, b"{}"), liar.asked
            node.restart()
            eventually("it was tried", lambda: liar.asked > before, 20)
            equal(send(node, entry).json()["status"], "kept", "the answer")
    with report("what waits is bounded: 503, and what waits already is answered all the same"):
        for place in (52, 53):
            equal(send(node, batch.activation(place, ORIGIN, leaf)).status, 202, "below the limit")
        problem(send(node, batch.activation(54, ORIGIN, leaf)), 503, "too many")
        equal(send(node, entry).status, 202, "one that waits")
        equal(node.status["activations"]["kept"], 3, "kept")
        assert node.status["activations"]["failures"][0]["origin"] == ORIGIN, f"{node.status['activations']}"
    with report("what the origin says at last, verified, is kept and shown"):
        liar.answer = lambda body: (farm_answer := send(farm, body)).status and (farm_answer.status, farm_answer.body)
        node.restart()
        eventually("all are recorded", lambda: node.status["activations"]["kept"] == 0)
        receipt_of(send(node, entry), entry, log_key)
        equal(len(kept_files(node, ".json")), 3, "receipts")
    with report("nothing about who sent is kept or logged"):
        for file in (node.data / "activations").iterdir():
            assert b"127.0.0.1" not in file.read_bytes(), f"{file}"
        assert "127.0.0.1:" not in node.log.replace(f"127.0.0.1:{node.port}", "").replace(liar.url, ""), node.log[-2000:]
        assert b"(21)" not in node.log.encode() and entry.hex() not in node.log, "an item in the log"


def floods(report, site: Site, node: Node, batch: items.Batch, leaf: bytes, log_key: bytes) -> None:
    with report("whoever has one code cannot fill the ledger: so many openings of an item, then 429"):
        answers = [send(node, batch.activation(60, ORIGIN, leaf)) for _ in range(30)]
        limited = [answer for answer in answers if answer.status == 429]
        assert 10 <= len(limited) <= 20, f"{[answer.status for answer in answers]}"
        assert int(limited[0].headers["retry-after"]) > 10, f"{limited[0].headers}"
        entry = batch.activation(61, ORIGIN, leaf)
        receipt_of(send(node, entry), entry, log_key, first=True)
    with report("an address above its rate: 429, and nothing is read of the body"):
        node.configuration["limits"] = {"anonymousRate": 5}
        node.write()
        node.restart().wait("/readyz")
        entry = batch.activation(62, ORIGIN, leaf, key=batch.keys[63])
        statuses = [send(node, entry).status for _ in range(40)]
        assert set(statuses) == {422, 429} and statuses.count(429) > 25, f"{statuses}"
        asked = [node.get(f"/activations?id=(01){GTIN}(21)G{place}").status for place in range(40)]
        assert asked.count(429) > 25, f"guesses: {asked}"
        assert node.is_alive(), "the node"


def run(report, site: Site) -> None:
    site.token(TOKEN)
    log_key = keys.public_bytes(site.key("dairy"))
    farm = site.node("farm", limits={"anonymousRate": 0}, ledgers=[
        own(site, "dairy", ORIGIN, mapRootSeconds=0.5), own(site, "other", OTHER, activations=False)])
    farm.start().wait("/readyz")
    batch = items.Batch(GTIN, [f"C{place}" for place in range(100)])
    leaf = commission(farm, "dairy", batch)
    shop = site.node("shop", limits={"anonymousRate": 0}, mirrors=[{
        "vkey": site.vkey("dairy", ORIGIN), "url": f"{farm.peer_url}/dairy", "depth": "statements", "interval": 0.3}])
    shop.start()
    told = recording(report, site, farm, batch, leaf, log_key)
    refusals(report, site, farm, batch, leaf, log_key)
    with report("refused: an opening replayed to another ledger, and one for a ledger that takes none"):
        raw = Statement.read(told["entry"])
        payload = cbor.decode(raw.payload) | {1: OTHER}
        changed = raw.message.encoded({}).replace(raw.payload, cbor.encode(payload))
        assert send(farm, changed).status in (400, 404, 422), "the same signature"
        problem(send(farm, batch.activation(0, OTHER, leaf)), 404, OTHER)
        posted = farm.post("/other/entries", told["entry"], COSE)
        assert posted.status in (401, 403), f"{posted}"
    mirrored(report, site, farm, shop, batch, leaf, log_key, told)
    lies(report, site, farm, batch, leaf, log_key)
    floods(report, site, farm, batch, leaf, log_key)
    with report("everything that was recorded is in order: fsck"):
        farm.stop()
        site.ledger_program("fsck", farm.data / "dairy")
