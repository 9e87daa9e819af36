"""Drafts as requests read them: looked up each time, parsed once for each content.

A draft can change at any moment, so the database says each time which content it has. That is one small statement;
the content itself is read and indexed only where it is not in memory.
"""

from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from app.bounded_cache import Bounded
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.releases import latest
from app.serving.releases.catalog import Catalog
from app.serving.releases.database import Database
from app.serving.releases.loaded_releases import LoadedDraft, LoadedReleases, memory_of
from app.store.drafts import find_draft_head, get_draft_json, no_draft


@dataclass(frozen=True, slots=True)
class _Found:
    """The row of a draft, with its content indexed."""

    base_id: int | None
    number: int
    content_sha256: str
    index: Index


class LoadedDrafts:
    """The drafts of one process, for many threads."""

    def __init__(self, database: Database, releases: LoadedReleases, limit: int) -> None:
        self._database = database
        self._releases = releases
        self._indexed: Bounded[str, Index] = Bounded(limit, lambda index: memory_of(index.ladder))
        """Contents by their hash, bounded by estimated bytes; the one used last is kept in any case."""

    async def fetch(self, catalog: Catalog, slug: str) -> LoadedDraft:
        """Return the draft of a ladder without blocking the event loop. Raises as `get` does."""
        return await run_in_threadpool(self.get, catalog, slug)

    def get(self, catalog: Catalog, slug: str) -> LoadedDraft:
        """Return the draft of a ladder; if nobody has edited it, the newest release that is not withdrawn.

        Raises NotFound where there is neither, Unavailable where the database is away.
        """
        line, slug = catalog.releases.get(slug, ()), catalog.name(slug)
        found = self._database.ask(partial(self._read, slug=slug))
        if found is None:
            newest = latest(line, catalog.moment_of(slug))
            if newest is None:
                raise no_draft(slug)
            loaded = self._releases.get(newest)
            return LoadedDraft(slug, loaded.index, newest, 0, newest.content_sha256, self._releases.get)
        base = next((release for release in line if release.id == found.base_id), None)
        return LoadedDraft(slug, found.index, base, found.number, found.content_sha256, self._releases.get)

    def _read(self, connection: Connection, slug: str) -> _Found | None:
        head = find_draft_head(connection, slug)
        if head is None:
            return None
        index = self._indexed.get(head.content_sha256, _indexed, connection, slug)
        return _Found(head.base_id, head.number, head.content_sha256, index)


def _indexed(connection: Connection, slug: str) -> Index:
    return Index.of(Ladder.model_validate_json(get_draft_json(connection, slug)))
