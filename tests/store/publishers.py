"""Processes for the tests of concurrent publishing and of being killed."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import Final

from sqlalchemy import Engine

from app.errors import LadderError
from app.rubric.releases import Version
from app.store.audit import Actor
from app.store.drafts import find_draft_head, get_draft, save_draft
from app.store.engine import open_engine, writing
from app.store.publishing import PublishRequest, carry_out, plan_draft
from app.store.releases import find_releases
from app.store.revision import take_revision
from tests.store.samples import day, large, release, small

ACTOR: Final = Actor("ada")


def publish_one(
    url: str, titles: Sequence[str], version: str, start: Barrier, outcomes: "Queue[str]"
) -> None:
    """Publish the same number as others do at the same moment, in a thread for each title; tell how it went."""
    engine = open_engine(url)

    def publish(title: str) -> str:
        try:
            return f"made {release(engine, small(title=title), version, published=day(2)).version}"
        except LadderError as error:
            return error.detail

    with ThreadPoolExecutor(len(titles)) as threads:
        start.wait(60)
        for outcome in threads.map(publish, titles):
            outcomes.put(outcome)
    engine.dispose()


def publish_on(url: str, told: Connection) -> None:
    """Write a draft and publish it, again and again, and tell of each once it is acknowledged, until killed."""
    engine = open_engine(url)
    while True:
        write_next(engine)
        told.send(str(publish_next(engine)))


def write_next(engine: Engine) -> None:
    """Write a draft that is not as the newest release, unless one is there."""
    with writing(engine) as connection:
        take_revision(connection)
        if find_draft_head(connection, "large") is None:
            ladder = large(100, title=f"Large {len(find_releases(connection))}")
            save_draft(connection, ladder, slug="large", expected=0, by="ada", at=datetime.now(UTC))


def publish_next(engine: Engine) -> Version:
    """Publish the draft with the next major number."""
    with writing(engine) as connection:
        revision, now = take_revision(connection), datetime.now(UTC)
        number = Version(len(find_releases(connection)) + 1, 0, 0)
        reviewed = get_draft(connection, "large", now).content_sha256
        plan = plan_draft(connection, "large", reviewed, PublishRequest(now, number), require_review=False)
        return carry_out(connection, plan, ACTOR, now, revision).version
