"""A link that is slow, narrow and unreliable: a relay in front of a node, for where the kernel cannot make one."""

import asyncio
import random
import threading

from harness import free_port


class Relay:
    """Passes connections on to a port, `delay` seconds late, at most `rate` bytes a second each way; a connection is reset with
    the probability `loss` at each piece."""

    def __init__(self, target: int, delay: float = 0, rate: float = 1e9, loss: float = 0, seed: int = 0):
        self.target, self.delay, self.rate, self.loss = target, delay, rate, loss
        self.chance, self.port, self.resets = random.Random(seed), free_port(), 0
        self.loop = asyncio.new_event_loop()
        started = threading.Event()
        self.thread = threading.Thread(target=self._run, args=[started], daemon=True)
        self.thread.start()
        started.wait(10)

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self.loop)
        self.server = self.loop.run_until_complete(asyncio.start_server(self._relay, "127.0.0.1", self.port))
        started.set()
        self.loop.run_forever()
        tasks = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()
        self.loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self.loop.close()

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    async def _relay(self, reader, writer) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        await asyncio.gather(self._pass(reader, far_writer, writer), self._pass(far_reader, writer, far_writer),
                             return_exceptions=True)

    async def _pass(self, reader, writer, other) -> None:
        try:
            while data := await reader.read(8192):
                await asyncio.sleep(self.delay + len(data) / self.rate)
                if self.chance.random() < self.loss:
                    self.resets += 1
                    writer.transport.abort()
                    other.transport.abort()
                    return
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()
