"""Searches of tests: through the releases in force, or those named, on any engine."""

from collections.abc import Sequence

from sqlalchemy import Engine

from app.rubric.releases import Release
from app.rubric.searching import Filters, read_question
from app.store.engine import reading
from app.store.releases import find_releases
from app.store.search.searching import Hit, Rank, find_hits


def newest(engine: Engine) -> list[Release]:
    """The newest release of each ladder, in order of slug."""
    with reading(engine) as connection:
        return list({release.ladder: release for release in find_releases(connection)}.values())


def search(
    engine: Engine,
    asked: str,
    releases: Sequence[Release] | None = None,
    *,
    filters: Filters | None = None,
    limit: int = 500,
    after: Rank | None = None,
) -> tuple[Hit, ...]:
    """Search releases, the newest of each ladder where none are named."""
    chosen = newest(engine) if releases is None else releases
    languages = list(dict.fromkeys(release.language for release in chosen))
    question = read_question(asked, languages)
    ids = [release.id for release in chosen]
    with reading(engine) as connection:
        return find_hits(connection, question, ids, filters or Filters(), limit=limit, after=after)


def told(engine: Engine, hits: Sequence[Hit]) -> list[str]:
    """Hits as `ladder/kind:address`."""
    with reading(engine) as connection:
        ladders = {release.id: release.ladder for release in find_releases(connection)}
    return [f"{ladders[hit.release_id]}/{hit.kind}:{hit.address}" for hit in hits]
