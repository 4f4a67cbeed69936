"""A load generator as Tessera's hammer: many writers of opaque entries, readers that check every answer against a checkpoint,
and every entry that was acknowledged found at the index that was said."""

import http.client
import os
import random
import threading
import time

from follower import Follower
from formats import notes, tree
from harness import ask_on, eventually
from report import equal

WRITERS, READERS = 32, 3


def check(report, world) -> None:
    node, origin = world.node, world.origins["any"]
    count = int(os.environ.get("TRACE_HAMMER", "2500"))
    acknowledged: dict[int, bytes] = {}
    wrong: list[str] = []
    lock, is_over = threading.Lock(), threading.Event()

    def write(place: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", node.port, timeout=60)
        try:
            for number in range(count // WRITERS):
                entry = b"%d %d %s" % (place, number, os.urandom(random.choice((8, 100, 1000))))
                answer = ask_on(connection, "POST", "/any/add", entry)
                if answer.status != 200 or not answer.body.isdigit():
                    wrong.append(f"{answer}")
                    return
                with lock:
                    if int(answer.body) in acknowledged:
                        wrong.append(f"two entries at {int(answer.body)}")
                    acknowledged[int(answer.body)] = entry
        except (OSError, http.client.HTTPException) as error:
            wrong.append(repr(error))

    def read(place: int) -> None:
        """Random entries of the latest checkpoint, each proved by the whole tree at its end; checkpoints only grow."""
        chance, size = random.Random(place), 0
        follower = Follower(f"{node.url}/any", origin, world.node_key("any"))
        try:
            while not is_over.is_set():
                checkpoint = follower.checkpoint() if place else follower.follow()
                if checkpoint.size < size:
                    wrong.append(f"a checkpoint of {checkpoint.size} behind one of {size}")
                size = checkpoint.size
                index = chance.randrange(size)
                width = min(256, size - index // 256 * 256)
                bundle = follower.bundle(index // 256, width)
                hashes = follower.tile(0, index // 256, width)
                if [tree.leaf_hash(entry) for entry in bundle] != hashes:
                    wrong.append(f"bundle and tile {index // 256} disagree")
                # It may be there before the checkpoint that needs it, and then it is full.
                if width < 256 and len(follower.fetch(tree.tile_path(0, index // 256)) or bytes(8192)) != 8192:
                    wrong.append("an un-suffixed partial tile")
        except (OSError, http.client.HTTPException, ValueError, notes.BadNote) as error:
            wrong.append(repr(error))

    with report(f"{WRITERS} writers and {READERS} readers at once"):
        begun = time.monotonic()
        writers = [threading.Thread(target=write, args=[place]) for place in range(WRITERS)]
        readers = [threading.Thread(target=read, args=[place]) for place in range(READERS)]
        for thread in (*writers, *readers):
            thread.start()
        for thread in writers:
            thread.join()
        print(f"      {len(acknowledged) / (time.monotonic() - begun):.0f} entries a second")
        is_over.set()
        for thread in readers:
            thread.join()
        equal(wrong, [], "what was wrong")
        equal(len(acknowledged), count // WRITERS * WRITERS, "entries that were acknowledged")
    with report("every entry stands where it was said to, when it was said: published"):
        follower = Follower(f"{node.url}/any", origin, world.node_key("any"))
        eventually("all are shown", lambda: follower.checkpoint().size > max(acknowledged), 10)
        checkpoint = follower.follow()
        equal([index for index, entry in acknowledged.items() if follower.entries[index] != entry], [], "entries that are not there")
        follower.compare_tiles(checkpoint.size)
    with report("a partial tile of an earlier size is there, or its full one"):
        for size in range(300, checkpoint.size, 97):
            for level in (0, 1):
                width = (size >> (8 * level)) % 256
                if width:
                    # Not every size was published: what is served must be right all the same.
                    number = (size >> (8 * level)) // 256
                    found = follower.fetch(tree.tile_path(level, number, width)) or follower.fetch(tree.tile_path(level, number))
                    if found is not None:
                        expected = [tree.root(follower.leaves[place << (8 * level) : (place + 1) << (8 * level)])
                                    for place in range(256 * number, 256 * number + width)]
                        equal(found[: 32 * width], b"".join(expected), f"level {level} at size {size}")
