"""Drawing in threads of its own: few at a time, off the event loop, and nobody waits for ever."""

import asyncio
import threading
import time

import pytest

from app.errors import Unavailable
from app.serving.answers.drawing import Drawing


def test_it_gives_what_was_drawn_and_raises_what_was_raised() -> None:
    async def ask() -> None:
        drawing = Drawing()
        assert await drawing.run(lambda: b"drawn") == b"drawn"
        with pytest.raises(ZeroDivisionError):
            await drawing.run(lambda: 1 // 0)
        assert await drawing.run(threading.get_ident) != threading.get_ident()
        drawing.close()

    asyncio.run(ask())


def test_two_are_drawn_at_a_time_and_the_loop_goes_on() -> None:
    async def ask() -> int:
        drawing, most, now = Drawing(), 0, 0
        lock = threading.Lock()

        def draw() -> None:
            nonlocal most, now
            with lock:
                now += 1
                most = max(most, now)
            time.sleep(0.02)
            with lock:
                now -= 1

        await asyncio.gather(*(drawing.run(draw) for _ in range(6)))
        drawing.close()
        return most

    assert asyncio.run(ask()) == 2


def test_who_waits_too_long_is_told_to_come_again_and_may() -> None:
    async def ask() -> None:
        drawing, go_on = Drawing(patience=0.05), threading.Event()
        others = [asyncio.create_task(drawing.run(go_on.wait)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Unavailable, match="Other pictures are being drawn"):
            await drawing.run(lambda: b"drawn")
        go_on.set()
        assert await asyncio.gather(*others) == [True, True]
        assert await drawing.run(lambda: b"drawn") == b"drawn"
        drawing.close()

    asyncio.run(ask())
