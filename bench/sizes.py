"""The costs of one ladder by its size: `python -m bench.sizes DATABASE_URL STATEMENTS ROUNDS`.

STATEMENTS is a multiple of 1,000, or 0 for the ladder of 3,000 entities. Publishes that many ladders as there are
rounds, each alone, then a draft of each, then loads each and reads its document. Prints a JSON object: a `Size`.
"""

import asyncio
import json
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from statistics import median

from sqlalchemy import Engine, event

from app.rubric.diff import diff
from app.rubric.entities import walk
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.releases import Release
from app.store.audit import Actor
from app.store.drafts import save_draft
from app.store.engine import open_engine, reading, writing
from app.store.loading import load_content
from app.store.publishing import PublishRequest, carry_out, plan_draft, plan_release
from app.store.revision import take_revision
from bench.generate import ENTITIES_3000, generate, slug_of, with_statements
from bench.inside import Lap, lap, started, timed


@dataclass(frozen=True, slots=True)
class Size:
    """The costs of ladders of one size: seconds by the clock, one item for each round."""

    statements: int
    entities: int
    selects: int
    publish: list[float]
    draft: list[float]
    load: list[float]
    document: list[float]
    diff: list[float]
    busy: dict[str, float]
    """Seconds of processor time for each cost, in the middle round."""


def measure(database_url: str, statements: int, rounds: int) -> Size:
    """Publish, load and read ladders of one size."""
    shape = with_statements(statements) if statements else ENTITIES_3000
    ladders = [generate(number, shape) for number in range(rounds)]
    engine = open_engine(database_url)
    published = [_publish(engine, ladder) for ladder in ladders]
    drafts = [_publish_draft(engine, ladder) for ladder in ladders]
    loads = [_load(engine, release) for _, release in published]
    engine.dispose()
    costs = {
        "publish": [taken for taken, _ in published],
        "draft": drafts,
        "load": [taken for taken, _ in loads],
        "document": asyncio.run(_documents(database_url, rounds)),
        "diff": [_diff(ladder) for ladder in ladders],
    }
    return Size(
        statements=shape.all_statements,
        entities=len(list(walk(ladders[0]))),
        selects=loads[0][1],
        **{name: [taken.clock for taken in laps] for name, laps in costs.items()},
        busy={name: median(taken.busy for taken in laps) for name, laps in costs.items()},
    )


def _publish(engine: Engine, ladder: Ladder) -> tuple[Lap, Release]:
    """From the value to the committed release, rules and all."""
    with lap() as taken, writing(engine) as connection:
        now = datetime.now(UTC)
        plan = plan_release(connection, ladder, PublishRequest(now), require_review=False)
        release = carry_out(connection, plan, Actor("bench"), now)
    return taken, release


def _publish_draft(engine: Engine, ladder: Ladder) -> Lap:
    """From the stored draft to the committed next release: review, rules, diff, number and notes included.

    The draft has another summary in every twentieth expectation.
    """
    changed, now = _changed(ladder), datetime.now(UTC)
    with writing(engine) as connection:
        draft = save_draft(connection, changed, slug=ladder.slug, expected=0, by="bench", at=now)
    with lap() as taken, writing(engine) as connection:
        revision, now = take_revision(connection), datetime.now(UTC)
        plan = plan_draft(
            connection, ladder.slug, draft.content_sha256, PublishRequest(now), require_review=False
        )
        carry_out(connection, plan, Actor("bench"), now, revision)
    return taken


def _changed(ladder: Ladder) -> Ladder:
    """Return the ladder with another summary in every twentieth expectation."""
    some = tuple(
        one.model_copy(update={"summary": "Says something else."}) if place % 20 == 0 else one
        for place, one in enumerate(ladder.expectations)
    )
    return ladder.model_copy(update={"expectations": some})


def _diff(ladder: Ladder) -> Lap:
    """Return the time of the diff of two loaded releases."""
    before, after = Index.of(ladder), Index.of(_changed(ladder))
    with lap() as taken:
        diff(before, after)
    return taken


def _load(engine: Engine, release: Release) -> tuple[Lap, int]:
    """Its time, and how many statements the load itself took."""
    asked = 0

    def count(*_: object) -> None:
        nonlocal asked
        asked += 1

    with reading(engine) as connection:
        event.listen(connection, "before_cursor_execute", count)
        with lap() as taken:
            load_content(connection, release)
    return taken, asked


async def _documents(database_url: str, rounds: int) -> list[Lap]:
    """Return the first read of each document, on loaded releases."""
    async with started(database_url) as application:
        await timed(application, "/v1")
        return [
            await timed(application, f"/v1/ladders/{slug_of(number)}/document") for number in range(rounds)
        ]


if __name__ == "__main__":
    found = measure(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    json.dump(asdict(found), sys.stdout)
