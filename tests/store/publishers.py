"""What processes of their own do in tests of publishing at once and of being killed."""

from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import Final

from app.errors import LadderError
from app.store.engine import open_engine
from tests.store.samples import day, large, release, small

APART: Final = get_context("forkserver")
"""Starts processes that share nothing with the tests, and quickly: what they import is imported once."""
APART.set_forkserver_preload(["tests.store.publishers"])


def publish_one(url: str, title: str, version: str, start: Barrier, outcomes: "Queue[str]") -> None:
    """Publish the same number as others do at the same moment; tell how it went."""
    engine = open_engine(url)
    start.wait(60)
    try:
        made = release(engine, small(title=title), version, published=day(2))
        outcomes.put(f"made {made.version}")
    except LadderError as error:
        outcomes.put(error.detail)
    finally:
        engine.dispose()


def publish_on(url: str, told: Connection) -> None:
    """Publish release after release, and tell of each once it is acknowledged, until killed."""
    engine = open_engine(url)
    for number in range(1, 1000):
        release(engine, large(400, title=f"Large {number}"), f"1.0.{number}", published=day(number))
        told.send(number)
