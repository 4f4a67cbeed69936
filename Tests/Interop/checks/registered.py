"""SCRAPI and capture by a running node: receipts and keys, verified here and by scitt-cose."""

import json
import time
from base64 import urlsafe_b64encode

import program
import scitt_cose
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from follower import Follower
from formats import cbor, keys, statement, tree
from harness import document, event
from report import equal

COSE, PROBLEM = "application/cose", "application/concise-problem-details+cbor"


def check(report, world) -> None:
    node, origin, public = world.node, world.origins["farm"], world.node_key("farm")
    follower = Follower(f"{node.url}/farm", origin, public)
    follower.follow()
    key, last = Ed25519PrivateKey.generate(), (0, follower.leaves[0])
    entries: list[bytes] = []

    def made(payload: bytes, issuer: str = world.issuer) -> bytes:
        return statement.sign(key, statement.NOTE, cbor.encode(payload), issuer, "subject", int(time.time()), last)

    def register(entry: bytes, type: str = COSE):
        return node.post("/farm/entries", entry, {"Content-Type": type})

    with report("a statement made here is registered: 201, its receipt and its place"):
        for number in range(5):
            entry = made(b"registered %d" % number)
            answer = register(entry)
            equal((answer.status, answer.type), (201, COSE), f"{answer}")
            size, index, root = statement.verify_receipt(answer.body, entry, origin, public)
            equal(answer.headers["location"].rsplit("/", 1)[1], str(index), "Location")
            other = scitt_cose.verify_receipt(answer.body, leaf_entry_hex=entry.hex(), log_public_key_pem=keys.public_pem(public))
            assert other.ok, f"scitt-cose: {other.errors}"
            equal(root == follower.follow().root or size < len(follower.leaves), True, "the receipt's root is the checkpoint's")
            equal(follower.entries[index], entry, "the entry")
            last = (last[0] + 1, tree.leaf_hash(entry))
            entries.append(entry)
    with report("its receipt again, by its Location"):
        index = follower.leaves.index(tree.leaf_hash(entries[0]))
        answer = node.get(f"/farm/entries/{index}")
        equal((answer.status, answer.type), (200, COSE), f"{answer}")
        found = statement.verify_receipt(answer.body, entries[0], origin, public)
        equal(found[1], index, "index")
    with report("a transparent statement of the two is what `traceledger verify` takes"):
        message = statement.Sign1.read(entries[0])
        file = world.directory / "registered.cose"
        file.write_bytes(message.encoded({394: [answer.body]}))
        half = world.directory / "registrant.pub.pem"
        half.write_bytes(keys.public_pem(keys.public_bytes(key)))
        program.run("verify", file, "--log-key", keys.vkey(origin, public), "--issuer-key", half)
    with report("the same statement again has the same place"):
        answer = register(entries[1])
        equal((answer.status, answer.headers["location"].rsplit("/", 1)[1]),
              (201, str(follower.leaves.index(tree.leaf_hash(entries[1])))), f"{answer}")
    with report("what is refused is told in concise problem details (RFC 9290)"):
        stranger = made(b"x", "9521101000016")
        bad = made(b"y")
        for entry, type, status in [(b"", COSE, 400), (b"hello", COSE, 400), (bad[:-1] + bytes([bad[-1] ^ 1]), COSE, 400), (bad, "text/plain", 415),
                                    (stranger, COSE, 403), (entries[0] + b"\0", COSE, 400)]:
            answer = register(entry, type)
            equal((answer.status, answer.type), (status, PROBLEM), f"{answer}")
            details = cbor.decode(answer.body)
            assert set(details) <= {-1, -2} and isinstance(details[-1], str), f"{details}"
        for path in ("/farm/entries/999999", "/farm/entries/x", "/farm/entries/-1"):
            answer = node.get(path)
            equal((answer.status, answer.type), (404, PROBLEM), f"{answer}")
    with report("the keys of its ledgers, as a set and one by one; their kids are thumbprints"):
        answer = node.get("/.well-known/scitt-keys")
        equal((answer.status, answer.type), (200, "application/cbor"), f"{answer}")
        found = {item[-2]: item for item in cbor.decode(answer.body)}
        equal(set(found), {world.node_key(name) for name in world.origins}, "keys")
        for raw, item in found.items():
            equal((item[1], item[-1], item[2]), (1, 6, keys.kid(raw)), f"{item}")
            for name in (urlsafe_b64encode(keys.kid(raw)).rstrip(b"=").decode(), keys.kid(raw).hex()):
                one = node.get(f"/.well-known/scitt-keys/{name}")
                equal((one.status, cbor.decode(one.body)), (200, item), name)
        equal(node.get("/.well-known/scitt-keys/" + "A" * 11).status, 404, "a kid that nobody has")
    captured(report, world, follower)


def captured(report, world, follower: Follower) -> None:
    node = world.node
    with report("what is captured stands in the ledger at the index that is said, signed by the enterprise"):
        answer = node.capture("farm", "erp", event("interop-1"), event("interop-2"))
        equal((answer.status, answer.headers["gs1-epcis-version"][:1]), (202, "2"), f"{answer}")
        job = answer.json()
        equal((job["success"], len(job["events"])), (True, 2), f"{job}")
        world.published("farm", job["events"][-1]["index"])
        follower.follow()
        for item in job["events"]:
            entry = follower.entries[item["index"]]
            equal(tree.leaf_hash(entry).hex(), item["leafHash"], "leaf hash")
            found = statement.Statement.read(entry)
            equal((found.kind, found.issuer), (statement.EVENT, world.issuer), "kind and issuer")
            found.message.require_signed(world.enterprise_key, found.payload)
    with report("the job is found again, by who has the token; the same events are duplicates of those"):
        headers = {"Authorization": f"Bearer {node.site.token('erp')}"}
        equal(node.get(answer.headers["location"], headers).body, answer.body, "the job")
        equal(node.get(answer.headers["location"]).status, 401, "without a token")
        again = node.capture("farm", "erp", event("interop-2")).json()["events"][0]
        equal((again["duplicate"], again["index"]), (True, job["events"][1]["index"]), f"{again}")
    with report("one bad event: nothing is captured, or the others, as the client asks"):
        for behaviour, count in (("rollback", 0), ("proceed", 2)):
            body = json.dumps(document(event(f"{behaviour}-1"), {"type": "ObjectEvent"}, event(f"{behaviour}-2"))).encode()
            found = node.post("/farm/capture", body, headers | {"Content-Type": "application/json", "GS1-Capture-Error-Behaviour": behaviour})
            job = found.json()
            equal((found.status, job["success"], sum("index" in item for item in job["events"])), (202, False, count), f"{job}")
            assert "errors" in job["events"][1], f"{job}"
