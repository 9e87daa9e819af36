"""A few words on many releases at once, for lists that would not load each release whole."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.store.mapping import table_of
from app.store.tables.identity import ReleaseRow


@dataclass(frozen=True, slots=True)
class Summary:
    """What a list of ladders says about a release's content."""

    title: str
    summary: str | None
    language: str


def find_summaries(connection: Connection, release_ids: Iterable[int]) -> dict[int, Summary]:
    """The summaries of these releases, by release id, in one statement."""
    release = table_of(ReleaseRow).c
    chosen = select(release.id, release.title, release.summary, release.language)
    rows = connection.execute(chosen.where(release.id.in_(list(release_ids))))
    return {row.id: Summary(row.title, row.summary, row.language) for row in rows}
