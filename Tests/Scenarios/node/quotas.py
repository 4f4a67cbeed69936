"""Rates and quotas: of tokens, and of addresses without one."""

import json
import time

from harness import Answer, Node, document, event
from report import equal


def ask(node: Node, token: str, *serials: str) -> Answer:
    return node.capture("farm", token, *map(event, serials))


def require_limited(answer: Answer, least: int) -> None:
    equal((answer.status, answer.type), (429, "application/problem+json"), f"{answer}")
    assert least <= int(answer.headers["retry-after"]) <= 86_400, f"{answer.headers}"


def run(report, site) -> None:
    for name in ("slow", "small", "free"):
        site.token(name)
    node = site.node("quotas", limits={"anonymousRate": 3}, ledgers=[
        {"path": "farm", "origin": "quotas.example/ledger", "key": site.key_file("farm"),
         "capture": {"issuer": "9521101000009", "key": site.key_file("enterprise")},
         "tokens": [{"name": "slow", "file": "slow.token", "rate": 2}, {"name": "small", "file": "small.token", "quota": 5},
                    {"name": "free", "file": "free.token"}]},
        {"path": "any", "origin": "quotas.example/any", "key": site.key_file("any"), "admission": "any"},
    ])
    node.start().wait("/readyz")
    serial = iter(range(10_000))
    with report("a token above its rate: 429 with Retry-After, and again after that"):
        answers = [ask(node, "slow", str(next(serial))) for _ in range(12)]
        refused = [answer for answer in answers if answer.status == 429]
        assert 4 <= len(refused) <= 10, f"{[answer.status for answer in answers]}"
        require_limited(refused[0], 1)
        time.sleep(int(refused[-1].headers["retry-after"]) + 0.2)
        equal(ask(node, "slow", str(next(serial))).status, 202, "after the time that was said")
    with report("others are not held up by it"):
        equal({ask(node, "free", str(next(serial))).status for _ in range(20)}, {202}, "statuses")
    with report("a token's quota of entries: what fits is taken, what does not is refused whole until midnight"):
        equal(ask(node, "small", "q1", "q2", "q3").status, 202, "three of five")
        before = node.status["ledgers"][0]["committed"]
        require_limited(ask(node, "small", "q4", "q5", "q6"), 1)
        equal(node.status["ledgers"][0]["committed"], before, "committed")
        equal(ask(node, "small", "q7", "q8").status, 202, "two of two")
        require_limited(ask(node, "small", "q9"), 1)
        equal(ask(node, "free", "q9").status, 202, "another token")
    with report("an address without a token above its rate: 429; reading is not limited"):
        answers = [node.post("/any/add", b"%d" % next(serial)) for _ in range(12)]
        equal({answer.status for answer in answers}, {200, 429}, "statuses")
        require_limited(next(answer for answer in answers if answer.status == 429), 1)
        equal({node.get("/any/checkpoint").status for _ in range(50)}, {200}, "reading")
    with report("a document that is refused for its rate is answered before it is read"):
        for _ in range(4):
            ask(node, "slow", str(next(serial)))
        body = json.dumps(document(*(event(f"r{number}") for number in range(3000)))).encode()
        begun = time.monotonic()
        answer = node.post("/farm/capture", body, {"Content-Type": "application/json", "Authorization": f"Bearer {site.token('slow')}"})
        assert answer.status == 429 and time.monotonic() - begun < 2, f"{answer} after {time.monotonic() - begun:.1f} s"
