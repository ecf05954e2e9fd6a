"""A line between two programs on loopback that can be cut, as a network is: without a word."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class CutLine:
    """Hands bytes on in both directions; while it is cut they wait, and nobody is told."""

    def __init__(self, port: int) -> None:
        """Begin to listen.

        Args:
            port: Where the other end listens, on this machine.
        """
        self._to = port
        self._loop = asyncio.new_event_loop()
        self._whole = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._whole.set()
        self._server = self._loop.run_until_complete(
            asyncio.start_server(self._connected, "127.0.0.1", 0)
        )
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._loop.run_forever, name="line")
        self._thread.start()

    def cut(self) -> None:
        """Hold back everything from now on; connections seem to stand."""
        self._loop.call_soon_threadsafe(self._whole.clear)

    def mend(self) -> None:
        """Let everything go on, what was held back first: whoever sent it may have given up."""
        self._loop.call_soon_threadsafe(self._whole.set)

    def stop(self) -> None:
        """Close everything."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.run_until_complete(self._end())
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        writers = [writer]
        try:
            await self._whole.wait()
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
            writers.append(far_writer)
            await asyncio.gather(self._pass(reader, far_writer), self._pass(far_reader, writer))
        except OSError:
            # the other end is gone: so is this one
            return
        finally:
            for each in writers:
                each.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            await self._whole.wait()
            writer.write(data)
            await writer.drain()
        await self._whole.wait()
        with suppress(OSError):
            writer.write_eof()


@contextmanager
def running_line(port: int) -> Iterator[CutLine]:
    """Give a line to a port of this machine."""
    line = CutLine(port)
    try:
        yield line
    finally:
        line.stop()
