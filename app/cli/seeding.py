"""Adding the bundled ladders to a database, release by release, with their own numbers and dates."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.rubric.releases import Release, Version

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine


def seed_missing(engine: "Engine", now: datetime, step: Callable[[str], None]) -> tuple[Release, ...]:
    """Publish every bundled ladder that has no release yet, and return the new releases.

    All are added in one transaction, so an interrupted command adds nothing, and the next one adds all.
    """
    from app.packaged_files import folder
    from app.store.engine import writing
    from app.store.releases import find_releases
    from app.store.revision import take_revision

    made: list[Release] = []
    with writing(engine) as connection:
        revision = take_revision(connection)
        for source in sorted(path for path in folder("seed").iterdir() if path.is_dir()):
            if not find_releases(connection, source.name):
                step(source.name)
                made += _seed_ladder(connection, revision, source, now)
        if not made:
            connection.rollback()
    return tuple(made)


def _seed_ladder(connection: "Connection", revision: int, source: Path, now: datetime) -> Iterator[Release]:
    """Publish the releases of one folder, `<ladder>/<version>.yaml` or `<ladder>/<version>/`, lowest number first."""
    from app.formats.bundle.reader import ReleaseBlock, read_bundle
    from app.store.audit import Actor
    from app.store.publishing import PublishRequest, carry_out, plan_release

    for path in sorted(source.iterdir(), key=_number):
        bundle = read_bundle(path)
        block = bundle.release or ReleaseBlock()
        wanted = PublishRequest(
            now=now,
            number=block.version,
            notes=block.notes,
            because=block.because,
            published_at=block.published_at,
            corrects=block.corrects,
            effective_from=block.effective_from,
            override_review="It is bundled with the software.",
        )
        plan = plan_release(connection, bundle.ladder, wanted, require_review=False)
        yield carry_out(connection, plan, Actor("seed"), now, revision)


def _number(path: Path) -> Version:
    return Version.parse(path.name if path.is_dir() else path.stem)
