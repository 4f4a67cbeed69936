"""The codes on packs as GS1 Digital Links: page, linkset, what the configuration shows and to whom, codes that are none, and that
nobody learns volumes or serial numbers by asking."""

import base64
import gzip
import hashlib
import http.client
import json
import re
import socket
import time

from activations import GTIN, ORIGIN, TOKEN, commission, own
from follower import Fetch
from formats import cbor, items, registry, tree
from harness import Answer, Node, Site, ask, eventually
from report import equal

CODE = f"/01/{GTIN}/10/L1/21/K7Q2M9?17=261231&S=" + "A" * 116
PAGE = b"""<!doctype html><html><head><style>p{color:red}</style><script>const page = '<p>';\n</script>
<script type="application/octet-stream">AAAA</script></head><body><p>page</p></body></html>"""
WORKER = b"self.addEventListener('fetch', () => {});\n"
GS1 = "https://gs1.org/voc/"
OWN = "https://traceledger.dev/ns/links#"


def linkset(answer: Answer) -> dict:
    equal((answer.status, answer.type), (200, "application/linkset+json"), f"{answer}")
    equal(answer.headers["vary"], "Accept", "Vary")
    assert "json-ld#context" in answer.headers["link"], f"{answer.headers}"
    document = answer.json()
    equal((list(document), len(document["linkset"])), (["linkset"], 1), "members")
    context = document["linkset"][0]
    assert re.match(r"^https?://[a-zA-Z0-9./]+", context["anchor"]), context["anchor"]
    for name, links in context.items():
        if name in ("anchor", "description"):
            continue
        assert name.startswith((GS1, OWN)) and links, name
        for link in links:
            assert set(link) <= {"href", "title", "type", "hreflang"} and link["href"].startswith("http"), f"{link}"
    return context


def types(context: dict) -> set[str]:
    return {name.removeprefix(GS1).removeprefix(OWN) for name in context} - {"anchor", "description"}


def guarded(answer: Answer) -> None:
    """What a browser must be told beside a page."""
    equal(answer.headers["x-content-type-options"], "nosniff", "nosniff")
    equal(answer.headers["referrer-policy"], "no-referrer", "referrers")
    assert "default-src 'none'" in answer.headers["content-security-policy"], f"{answer.headers}"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], f"{answer.headers}"
    assert "unsafe-inline" not in re.search(r"script-src[^;]*|$", answer.headers["content-security-policy"])[0], "scripts"


def pages(report, node: Node, plain: Node) -> None:
    with report("a person gets the page, whatever the code; HEAD the same without it"):
        answer = node.get(CODE)
        equal((answer.status, answer.type, answer.body), (200, "text/html; charset=utf-8", PAGE), f"{answer}")
        guarded(answer)
        assert "camera=(self)" in answer.headers["permissions-policy"], f"{answer.headers}"
        equal(answer.headers["vary"], "Accept, Accept-Encoding", "Vary")
        assert f"/01/{GTIN}/10/L1/21/K7Q2M9?linkType=linkset" in answer.headers["link"], answer.headers["link"]
        head = ask("HEAD", node.url + CODE)
        equal((head.status, head.body, head.headers["content-length"]), (200, b"", str(len(PAGE))), "HEAD")
        for path in (f"/01/{GTIN}", f"/01/{GTIN}/21/x%2Fy", f"/01/{GTIN}/22/V1/10/L%2F1", CODE.replace("L1", "other")):
            equal(node.get(path).body, PAGE, path)
        browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"}
        equal(node.get(CODE, browser).body, PAGE, "as a browser asks")
    with report("its scripts run by their hashes and nothing else does"):
        policy = node.get(CODE).headers["content-security-policy"]
        for content in (b"const page = '<p>';\n", b"AAAA", b"p{color:red}"):
            assert base64.b64encode(hashlib.sha256(content).digest()).decode() in policy, policy
    with report("it comes compressed, again with 304, and as /verify byte by byte"):
        answer = node.get("/verify", {"Accept-Encoding": "gzip"})
        if "content-encoding" in answer.headers:
            equal(gzip.decompress(answer.body), PAGE, "gzip")
        equal(node.get("/verify").body, PAGE, "/verify")
        again = node.get("/verify", {"If-None-Match": answer.headers["etag"]})
        equal((again.status, again.body), (304, b""), f"{again}")
    with report("the service worker and what a verifier begins with: exact bytes, ETag, no-cache"):
        table = [("/sw.js", WORKER, "text/javascript; charset=utf-8"), ("/trust/registry-pack", b"registry", "application/cbor"),
                 ("/trust/policy", b"quorum none\n", "text/plain; charset=utf-8"), ("/trust/recalls", b"recalls", "application/cbor")]
        for path, content, kind in table:
            answer = node.get(path)
            equal((answer.status, answer.body, answer.type), (200, content, kind), f"{path}: {answer}")
            equal(answer.headers["cache-control"], "no-cache", "Cache-Control")
            equal(node.get(path, {"If-None-Match": answer.headers["etag"]}).status, 304, "again")
            equal(plain.get(path).status, 404, f"{path} of a node without")
        equal([node.get(path).status for path in ("/trust/", "/trust/../data", "/trust/x", "/verify/x")], [404] * 4, "others")
    with report("a page that is replaced is the new one at once"):
        path = node.site.home / "page/verify.html"
        path.write_bytes(PAGE + b"\n")
        equal(node.get("/verify").body, PAGE + b"\n", "the new one")
        path.write_bytes(PAGE)
    with report("without a page: how to verify, the code escaped, nothing promised"):
        answer = plain.get(f"/01/{GTIN}/10/%3Cscript%3E/21/A%26%22")
        equal((answer.status, answer.type), (200, "text/html; charset=utf-8"), f"{answer}")
        guarded(answer)
        text = answer.body.decode()
        assert "&lt;script&gt;" in text and "<script" not in text and "&amp;&quot;" in text, text
        assert "traceledger stamp verify" in text and "linkType=linkset" in text, text
        for word in ("genuine", "authentic", "original", "正品", "真品"):
            assert word not in text.lower(), word


def linksets(report, node: Node) -> None:
    with report("a linkset by Accept and by linkType"):
        for accept in ("application/linkset+json", "application/linkset+json, */*;q=0.1", "text/html;q=0.5,application/linkset+json"):
            linkset(node.get(CODE, {"Accept": accept}))
        for name in ("linkset", "all"):
            linkset(node.get(CODE + f"&linkType={name}"))
        equal(node.get(CODE, {"Accept": "application/linkset+json;q=0.1, text/html"}).body, PAGE, "the page is asked for rather")
        equal(node.get(CODE, {"Accept": "*/*"}).body, PAGE, "anything")
    with report("its anchor, its default link and its links"):
        context = linkset(node.get(CODE + "&linkType=linkset"))
        equal(context["anchor"], f"{node.url}/01/{GTIN}/10/L1/21/K7Q2M9", "anchor")
        equal(len(context[GS1 + "defaultLink"]), 1, "one default link")
        equal(types(context), {"defaultLink", "pip", "verificationService", "activations", "recallStatus", "registryPack", "policy"}, "types")
        equal(node.get("/01/" + GTIN + "?linkType=gs1:pip").status, 307, "a product")
    with report("linkType leads to the one link, in every spelling of it, or to 404"):
        for name in ("gs1:recallStatus", "https://gs1.org/voc/recallStatus", "https://ref.gs1.org/voc/recallStatus", "gs1%3ArecallStatus"):
            answer = node.get(CODE + f"&linkType={name}")
            equal((answer.status, answer.headers.get("location")), (307, f"{node.url}/trust/recalls"), f"{answer}")
        answer = node.get(CODE + "&linkType=traceledger:activations")
        equal(answer.headers["location"], f"{node.url}/activations?id=%2801%29{GTIN}%2821%29K7Q2M9", f"{answer}")
        answer = node.get(CODE + "&linkType=gs1:pip")
        equal(node.get(answer.headers["location"].removeprefix(node.url)).body, PAGE, "the page behind it")
        for name in ("gs1:recipeInfo", "", "x", "gs1:traceability", "traceledger:batchPack", "gs1:recallstatus"):
            equal(node.get(CODE + f"&linkType={name}").status, 404, name)
    with report("CORS and its preflight; other methods are refused"):
        equal(node.get(CODE).headers["access-control-allow-origin"], "*", "CORS")
        equal(ask("OPTIONS", node.url + CODE).status, 204, "preflight")
        equal(node.post(CODE, b"x").status, 405, "POST")
    with report("the resolver describes itself"):
        description = node.get("/.well-known/gs1resolver")
        equal((description.status, description.type), (200, "application/json"), f"{description}")
        equal(description.json()["supportedPrimaryKeys"], ["01"], "keys")
        equal(description.json()["resolverRoot"], node.url, "root")


def bad(report, node: Node) -> None:
    good = f"/01/{GTIN}/10/L1/21/K7Q2M9"
    table = [
        ("the check digit", f"/01/{GTIN[:-1]}9"), ("a short GTIN", f"/01/{GTIN[1:]}"), ("no digits", "/01/0952110153001x"),
        ("no value", "/01/"), ("nothing", "/01"), ("qualifiers in another order", f"/01/{GTIN}/21/K7Q2M9/10/L1"),
        ("a qualifier of another key", f"/01/{GTIN}/254/x"), ("a repeated qualifier", f"/01/{GTIN}/10/a/10/b"),
        ("a lot of 21 characters", f"/01/{GTIN}/10/{'x' * 21}"), ("a character of no set", f"/01/{GTIN}/21/%C3%A4"),
        ("a broken escape", f"/01/{GTIN}/21/%zz"), ("an empty serial", f"/01/{GTIN}/21/"), ("a slash too many", good + "/"),
        ("a date that is none", good + "?17=261331"), ("an AI that no link has", good + "?9999=1"), ("a slash in the middle", f"/01//{GTIN}"),
        ("linkType twice", good + "?linkType=linkset&linkType=gs1:pip"),
    ]
    for what, path in table:
        with report(f"a code that is none: {what}: 400 with the place and the remedy"):
            answer = node.get(path)
            equal((answer.status, answer.type), (400, "application/problem+json"), f"{answer}")
            assert len(answer.json()["detail"]) > 10, f"{answer}"
    with report("host, and its case, are nobody's matter"):
        for host in ("id.example", "ID.EXAMPLE", "[::1]:80", "x" * 300, "a b", "<script>", "evil.example/\\"):
            answer = ask("GET", node.url + good + "?linkType=linkset", headers={"Host": host})
            assert answer.status in (200, 400), f"{host}: {answer}"
            assert b"<script>" not in answer.body and b"\\\\" not in answer.body, f"{answer}"
    with report("URLs of every length to 64 kB: answered or refused, and the node lives"):
        statuses = set()
        for length in [*range(60, 400, 37), *range(1990, 2110, 7), 4096, 8192, 16_000, 16_384, 20_000, 32_768, 65_000, 65_536]:
            for path in (good.replace("K7Q2M9", "x" * length), good + "?x=" + "y" * length, good + "?S=" + "A" * length,
                         f"/01/{GTIN}" + "/" * length, "/01/" + "0" * length):
                try:
                    answer = node.get(path)
                    statuses.add(answer.status)
                    assert answer.status in (200, 400, 404, 414, 431), f"{length}: {answer}"
                    assert answer.status != 200 or len(path) <= 2048, f"{length}: {answer}"
                except (http.client.HTTPException, ConnectionError, BrokenPipeError):
                    pass  # more than a header may have: the connection is closed
        assert {200, 400, 414} <= statuses and node.is_alive(), f"{statuses}"
    with report("bytes that no URL has"):
        for raw in (b"GET /01/\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /01/" + bytes(range(1, 9)) + b" HTTP/1.1\r\nHost: x\r\n\r\n",
                    b"GET /01/%00%0d%0aX: y HTTP/1.1\r\nHost: x\r\n\r\n", b"GET //01/" + GTIN.encode() + b" HTTP/1.1\r\nHost: x\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", node.port), 10) as connection:
                connection.sendall(raw)
                connection.settimeout(10)
                answer = connection.recv(4096)
                assert not answer or re.match(rb"HTTP/1.1 (400|404)", answer), answer[:100]
        assert node.is_alive(), "the node"


def proofs(report, site: Site, node: Node, batch: items.Batch, pack: bytes) -> None:
    """The proof of one item, made by the node from its lot's pack."""
    wanted = "?linkType=traceledger:itemProof"
    with report("shown: the proof of one item, and no other item in it"):
        answer = node.get(f"/01/{GTIN}/10/L7/21/C3{wanted}")
        equal((answer.status, answer.type), (200, "application/cbor"), f"{answer}")
        content, packed = registry.open_file(answer.body, "traceledger/item-proof"), registry.open_file(pack, "traceledger/batch-pack")
        equal((content[1], content[2]), (packed[1], packed[2]), "the batch")
        equal(content[3], batch.proof(3), "the item proof")
        index, count, leaf, path = content[3]
        equal(tree.root_from_inclusion(index, count, tree.leaf_hash(cbor.encode(leaf)), path), batch.root, "where it leads")
        for other in (place for place in range(100) if place != 3):
            assert batch.items[other][1] not in answer.body and batch.salts[other] not in answer.body, f"item {other}"
        path = site.write("proof", answer.body)
        said = json.loads(site.ledger_program("inspect", path, "--json"))
        assert "item" in json.dumps(said), f"{said}"
    with report("none of an item that the lot does not have, of another lot, without a lot or a serial number"):
        for path in (f"/01/{GTIN}/10/L7/21/C100", f"/01/{GTIN}/10/L1/21/C3", f"/01/{GTIN}/21/C3", f"/01/{GTIN}/10/L7", f"/01/{GTIN}/10/L9/21/C3"):
            answer = node.get(path + wanted)
            assert answer.status in (404, 503), f"{path}: {answer}"
    with report("a pack that is replaced by a broken one proves nothing, and by a good one again"):
        for content, status in ((pack[:-1], 503), (pack, 200)):
            site.write(f"packs/{GTIN}-L7.pack", content)
            equal(node.get(f"/01/{GTIN}/10/L7/21/C3{wanted}").status, status, "the status")
    with report("the link is there for every serial number of every lot"):
        for path in (f"/01/{GTIN}/10/L7/21/C3", f"/01/{GTIN}/10/L7/21/Z"):
            assert "itemProof" in types(linkset(node.get(path + "?linkType=linkset"))), path


def packed(node: Node, ledger: str, batch: items.Batch) -> bytes:
    """Commissions a batch and makes its pack."""
    leaf = commission(node, ledger, batch)
    fetch = Fetch(f"{node.url}/{ledger}")

    def made() -> bytes:
        checkpoint = fetch("checkpoint")
        size = int(checkpoint.split(b"\n")[1])
        bundle, entries, place = fetch(f"tile/entries/000.p/{size}"), [], 0
        while place < len(bundle):
            end = place + 2 + int.from_bytes(bundle[place:place + 2], "big")
            entries.append(bundle[place + 2:end])
            place = end
        index = next(number for number, entry in enumerate(entries) if tree.leaf_hash(entry) == leaf)
        receipt = fetch(f"entries/{index}")
        equal(fetch("checkpoint"), checkpoint, "no other publication came between")
        return batch.pack(entries[index], receipt, checkpoint)

    return eventually("the pack", made)


def leaks(report, site: Site, node: Node, shown: Node, asked: Node) -> None:
    known = [f"/01/{GTIN}/10/L1/21/C1", f"/01/{GTIN}/10/L1", f"/01/{GTIN}"]
    unknown = [f"/01/{GTIN}/10/L1/21/Z9", f"/01/{GTIN}/10/L9", "/01/09521101530025"]
    hidden = ["traceledger:batchPack", "traceledger:itemProof", "gs1:traceability"]
    with report("by default nothing tells a serial number, a lot or a product that exists from one that does not"):
        for one, other in zip(known, unknown):
            for query, headers in [("", {}), ("?linkType=linkset", {}), ("", {"Accept": "application/json"})] + [(f"?linkType={name}", {}) for name in hidden]:
                a, b = node.get(one + query, headers), node.get(other + query, headers)
                swap = lambda answer, path: answer.body.replace(path.encode(), b"@").decode()
                tidy = lambda text: re.sub(r"%2801%29\d+%2821%29\w+|\(01\)\d+(\(10\)\w+)?(\(21\)\w+)?", "@", text)
                equal((a.status, a.type, tidy(swap(a, one))), (b.status, b.type, tidy(swap(b, other))), f"{one}{query}")
    with report("and no volumes: neither pack nor history nor count"):
        for path in known:
            for name in hidden:
                equal(node.get(f"{path}?linkType={name}").status, 404, f"{path} {name}")
            text = node.get(path + "?linkType=linkset").body
            assert b"batchPack" not in text and b"traceability" not in text and b"100" not in text.replace(b"09521", b""), text
    with report("shown to everybody: the pack and the history of exactly that item"):
        answer = shown.get(f"/01/{GTIN}/10/L1?linkType=traceledger:batchPack")
        equal((answer.status, answer.type, answer.body), (200, "application/cbor", b"pack of L1"), f"{answer}")
        equal(shown.get(f"/01/{GTIN}/10/L%2F%25?linkType=traceledger:batchPack").body, b"pack of L/%", "an escaped lot")
        head = ask("HEAD", f"{shown.url}/01/{GTIN}/10/L1?linkType=traceledger:batchPack")
        equal((head.status, head.headers["content-length"], head.body), (200, "10", b""), f"{head}")
        for path in (f"/01/{GTIN}/10/L9", f"/01/{GTIN}", f"/01/{GTIN}/10/..", f"/01/{GTIN}/10/..%2F..%2Fsecret", f"/01/{GTIN}/10/l1"):
            equal(shown.get(f"{path}?linkType=traceledger:batchPack").status, 404, path)
        assert {"batchPack", "traceability"} <= types(linkset(shown.get(known[0] + "?linkType=linkset"))), "links"
        eventually("the event", lambda: len(history(shown, f"/01/{GTIN}/21/E1")) == 1)
        equal(history(shown, f"/01/{GTIN}/21/E1")[0]["epcList"], [f"https://id.gs1.org/01/{GTIN}/21/E1"], "its EPC")
        equal(history(shown, f"/01/{GTIN}/21/E"), [], "an item that nobody knows")
        equal(history(shown, f"/01/{GTIN}/21/E1", accept=True), history(shown, f"/01/{GTIN}/21/E1"), "by Accept")
    with report("shown for a token: 401 without it, whether the item exists or not, and no link"):
        for path in (known[0], unknown[0]):
            for name in [name for name in hidden if "itemProof" not in name]:
                answer = asked.get(f"{path}?linkType={name}")
                equal((answer.status, answer.headers["www-authenticate"]), (401, "Bearer"), f"{answer}")
            assert not {"batchPack", "traceability"} & types(linkset(asked.get(path + "?linkType=linkset"))), "links"
        token = {"Authorization": f"Bearer {site.token('partner')}"}
        equal(asked.get(f"{known[0]}?linkType=traceledger:batchPack", token).body, b"pack of L1", "with it")
        assert {"batchPack", "traceability"} <= types(linkset(asked.get(known[0] + "?linkType=linkset", token))), "links"
        equal(asked.get(f"{known[0]}?linkType=traceledger:batchPack", {"Authorization": "Bearer " + "x" * 30}).status, 401, "another")
    with report("a machine that guesses is slowed down"):
        shown.configuration["limits"] = {"anonymousRate": 5}
        shown.write()
        shown.restart().wait("/readyz")
        statuses = [shown.get(f"/01/{GTIN}/21/G{place}?linkType=gs1:traceability").status for place in range(40)]
        assert statuses.count(429) > 25, f"{statuses}"
        equal(shown.get(CODE).status, 200, "the page is for everybody")


def history(node: Node, path: str, accept: bool = False) -> list[dict]:
    answer = node.get(path, {"Accept": "application/json"}) if accept else node.get(path + "?linkType=gs1:traceability")
    equal((answer.status, answer.type), (200, "application/json"), f"{answer}")
    return answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]


def run(report, site: Site) -> None:
    site.token(TOKEN), site.token("partner")
    site.write("page/verify.html", PAGE), site.write("page/sw.js", WORKER)
    site.write(f"packs/{GTIN}-L1.pack", b"pack of L1"), site.write(f"packs/{GTIN}-L%2F%25.pack", b"pack of L/%")
    site.write("secret.pack", b"secret")
    trust = {name: site.write(f"trust/{name}", content) for name, content in
             [("registry", b"registry"), ("policy", b"quorum none\n"), ("recalls", b"recalls")]}
    batch = items.Batch(GTIN, [f"C{place}" for place in range(100)])
    nodes = []
    for name, resolver in [("hidden", {}), ("shown", {"packs": "public", "proofs": "public", "history": "public"}),
                           ("asked", {"packs": "tokens", "history": "tokens", "tokens": [{"name": "partner", "file": "partner.token"}]})]:
        node = site.node(name, limits={"anonymousRate": 0}, page=str(site.home / "page"), packs=str(site.home / "packs"),
                         trust=trust, resolver=resolver, ledgers=[own(site, f"{name}dairy", ORIGIN)])
        node.start().wait("/readyz")
        commission(node, f"{name}dairy", batch)
        nodes.append(node)
    nodes[1].capture("showndairy", TOKEN, {
        "type": "ObjectEvent", "eventTime": "2026-03-01T08:00:00.000+08:00", "eventTimeZoneOffset": "+08:00", "action": "OBSERVE",
        "bizStep": "shipping", "epcList": [f"https://id.gs1.org/01/{GTIN}/21/E1"]})
    plain = site.node("plain")
    plain.start()
    pages(report, nodes[0], plain)
    linksets(report, nodes[0])
    bad(report, nodes[0])
    lot = items.Batch(GTIN, batch.serials, "L7")
    pack = packed(nodes[1], "showndairy", lot)
    site.write(f"packs/{GTIN}-L7.pack", pack)
    proofs(report, site, nodes[1], lot, pack)
    leaks(report, site, *nodes)
    with report("reserved names are no ledger's, and a resolver that cannot work is refused"):
        for name in ("01", "activations", "trust", "verify", "sw.js"):
            refused = site.node(f"bad-{name}", ledgers=[own(site, "plaindairy", ORIGIN) | {"path": name}]).command("check", "--config", str(site.home / f"bad-{name}.yaml"))
            assert refused.returncode == 2 and "a route of the node itself" in refused.stdout + refused.stderr, f"{refused}"
        for settings, words in [({"resolver": {"packs": "public"}}, "does not say"), ({"resolver": {"history": "public"}}, "holds events"),
                                ({"resolver": {"packs": "maybe"}}, "none of"), ({"page": "/nowhere"}, "cannot be read"),
                                ({"resolver": {"history": "tokens"}, "ledgers": [own(site, "plaindairy", ORIGIN)]}, "needs some"),
                                ({"trust": {"registry": "/nowhere"}}, "trust.registry"), ({"trust": {"keys": "x"}}, "no such key")]:
            node = site.node("bad-resolver", **settings)
            refused = node.command("check", "--config", str(node.file))
            assert refused.returncode == 2 and words in refused.stdout + refused.stderr, f"{words}: {refused}"
