"""Threads for slow work: few at a time, off the event loop, with a bounded queue."""

import asyncio
import threading
import time

import pytest

from app.errors import Unavailable
from app.serving.workers import DRAWINGS, Workers, drawing_workers

REFUSAL = "Too much is waiting."


def test_it_returns_the_result_and_raises_the_errors_of_the_work() -> None:
    async def ask() -> None:
        workers = drawing_workers()
        assert await workers.run(lambda: b"drawn") == b"drawn"
        with pytest.raises(ZeroDivisionError):
            await workers.run(lambda: 1 // 0)
        assert await workers.run(threading.get_ident) != threading.get_ident()

    asyncio.run(ask())


def test_no_more_work_runs_at_a_time_than_there_are_threads() -> None:
    async def ask() -> int:
        workers, most, now = drawing_workers(), 0, 0
        lock = threading.Lock()

        def draw() -> None:
            nonlocal most, now
            with lock:
                now += 1
                most = max(most, now)
            time.sleep(0.02)
            with lock:
                now -= 1

        await asyncio.gather(*(workers.run(draw) for _ in range(6)))
        return most

    assert asyncio.run(ask()) == DRAWINGS


def test_work_that_waits_too_long_for_a_thread_is_refused_and_may_come_again() -> None:
    async def ask() -> None:
        workers, go_on = Workers(2, 0.05, REFUSAL), threading.Event()
        others = [asyncio.create_task(workers.run(go_on.wait)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Unavailable, match=REFUSAL):
            await workers.run(lambda: b"drawn")
        go_on.set()
        assert await asyncio.gather(*others) == [True, True]
        assert await workers.run(lambda: b"drawn") == b"drawn"

    asyncio.run(ask())


def test_work_beyond_the_queue_is_refused_at_once() -> None:
    async def ask() -> float:
        workers, go_on = Workers(1, 10, REFUSAL, most_waiting=1), threading.Event()
        others = [asyncio.create_task(workers.run(go_on.wait)) for _ in range(2)]
        await asyncio.sleep(0.01)
        began = time.monotonic()
        with pytest.raises(Unavailable, match=REFUSAL) as refused:
            await workers.run(lambda: b"drawn")
        assert refused.value.retry_after == 5
        seconds = time.monotonic() - began
        go_on.set()
        assert await asyncio.gather(*others) == [True, True]
        return seconds

    assert asyncio.run(ask()) < 0.1
