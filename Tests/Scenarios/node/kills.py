"""kill -9 of any node of the ring, at random, while all enterprises capture: whatever was acknowledged is there at the end,
and all copies are the same."""

import http.client
import random
import threading
import time

from harness import number
from report import equal
from ring import NAMES, Ring


def run(report, site) -> None:
    seed, kills = number("TRACE_SEED", random.randrange(1 << 32)), number("TRACE_NODE_KILLS", 50)
    chance = random.Random(seed)
    ring = Ring(site).start()
    is_over = threading.Event()
    tries, answers = dict.fromkeys(NAMES, 0), dict.fromkeys(NAMES, 0)
    strange: list[str] = []

    def load(name: str) -> None:
        while not is_over.is_set():
            tries[name] += 1
            try:
                answers[name] += ring.capture(name, f"{name}{tries[name]}n", 2)
            except (OSError, http.client.HTTPException):
                pass  # it was killed: nobody knows what became of it
            except Exception as error:
                strange.append(f"{name}: {error!r}")
            time.sleep(0.03)

    threads = [threading.Thread(target=load, args=[name], daemon=True) for name in NAMES]
    for thread in threads:
        thread.start()
    with report(f"kill -9 of {kills} nodes while load runs (TRACE_SEED={seed})"):
        try:
            for _ in range(kills):
                node = chance.choice(list(ring.nodes.values()))
                node.kill()
                time.sleep(chance.random() * 0.2)
                node.start(wait=False)
                time.sleep(chance.random() * 0.9)
            # All of them write again before the load ends.
            for node in ring.nodes.values():
                node.wait("/readyz")
            before = dict(answers)
            time.sleep(1)
        finally:
            is_over.set()
            for thread in threads:
                thread.join()
        equal(strange, [], "strange answers")
        for name in NAMES:
            assert answers[name] > before[name], f"{name} takes no documents after it"
        count = sum(len(entries) for entries in ring.acknowledged.values())
        print(f"      {sum(answers.values())} of {sum(tries.values())} documents acknowledged, {count} events")
    ring.converge(report, f"after {kills} kills")
    with report("no node found its own files damaged"):
        for node in ring.nodes.values():
            for word in ["Fatal error", "corrupt", "damaged", "ALARM", " critical "]:
                assert word not in node.log, f"{node.name}: {[line for line in node.log.splitlines() if word in line][0]}"
    with report("the ledgers and all copies are sound"):
        for node in ring.nodes.values():
            equal(node.stop(), 0, f"exit of {node.name}")
        for name in NAMES:
            vkey = site.vkey(f"{name}.log", f"{name}.example/ledger")
            site.ledger_program("fsck", ring.nodes[name].data / name, "--log-key", vkey)
