"""Errors for an entity that a release does not have: renamed, removed, or never present."""

from collections.abc import Sequence
from functools import partial

from app.api.reading.urls import entity_path
from app.errors import Gone, LadderError, NotFound, Renamed
from app.rubric.entities import Node
from app.rubric.ladder import Ladder, Removal
from app.rubric.suggest import did_you_mean
from app.serving.releases.database import Database
from app.serving.releases.loaded import Loaded
from app.store.history import SlugRecord, find_entity, find_slug


def explain_missing(
    database: Database, loaded: Loaded, home: str, kind: str, address: str, after: str
) -> LadderError:
    """Return the error for an address that a release does not have: Renamed, Gone or NotFound.

    `home` is the URL of the ladder as requested, so that a redirect stays pinned or unpinned. `after` is what follows
    the entity in the URL: a view and the query. Raises Unavailable if the history of the slug is needed and the
    database cannot be reached.
    """
    index = loaded.index
    renamed = index.find_renamed(kind, address)
    if renamed is not None:
        return _renamed(home, renamed, after)
    for removal in loaded.ladder.removals:
        if (removal.kind, removal.slug) == (kind, address):
            return removed(removal)
    for record in _history(database, loaded, kind, address):
        node = index.find_uuid(record.uuid)
        if node is not None:
            return _renamed(home, node, after)
        if loaded.since is not None and record.version <= loaded.since:
            return gone(loaded.ladder, database.ask(partial(find_entity, uuid=record.uuid)))
    known = (node.address for node in index.of_kind(kind))
    near = did_you_mean(address, known)
    release = f"{loaded.ladder.slug}@{loaded.label}"
    return NotFound(f"{release} has no {kind} {address[:80]!r}.{near}")


def gone(ladder: Ladder, records: Sequence[SlugRecord]) -> Gone:
    """Return the error for an entity that a ladder no longer has. `records` are all its slugs, oldest first."""
    names = {(record.kind, record.slug) for record in records}
    for removal in ladder.removals:
        if (removal.kind, removal.slug) in names:
            return removed(removal)
    newest = records[-1]
    return Gone(f"The {newest.kind} {newest.slug!r} of {ladder.slug} was removed. No reason was given.")


def removed(removal: Removal) -> Gone:
    """Return the error for an entity whose removal is recorded in the ladder."""
    successor = f" Read {removal.successor} instead." if removal.successor else ""
    return Gone(f"The {removal.kind} {removal.slug!r} was removed: {removal.reason}{successor}")


def _renamed(home: str, node: Node, after: str) -> Renamed:
    return Renamed(f"Its slug is now {node.address!r}.", home + entity_path(node) + after)


def _history(database: Database, loaded: Loaded, kind: str, address: str) -> tuple[SlugRecord, ...]:
    return database.ask(partial(find_slug, ladder=loaded.ladder.slug, kind=kind, slug=address))
