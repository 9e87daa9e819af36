"""Errors for an entity that a release does not have: renamed, removed, or never present."""

from collections.abc import Sequence
from functools import partial

from app.api.reading.queries import wrong_value
from app.api.reading.urls import entity_path
from app.errors import Gone, LadderError, NotFound, Renamed
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Removal
from app.rubric.suggest import did_you_mean
from app.serving.releases.database import Database
from app.serving.releases.loaded_releases import Loaded
from app.store.slug_history import SlugRecord, find_entity, find_slug


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
            return removed(loaded.index, home, removal)
    for record in _history(database, loaded, kind, address):
        node = index.find_uuid(record.uuid)
        if node is not None:
            return _renamed(home, node, after)
        if loaded.since is not None and record.version <= loaded.since:
            return gone(loaded.index, home, database.ask(partial(find_entity, uuid=record.uuid)))
    known = (node.address for node in index.of_kind(kind))
    near = did_you_mean(address, known)
    release = f"{loaded.slug}@{loaded.label}"
    return NotFound(f"{release} has no {kind} {address[:80]!r}.{near}")


def find_present(database: Database, loaded: Loaded, kind: str, address: str) -> Node | None:
    """Return the entity that has or had an address, as a path with that address finds it; None if there is none.

    Raises Unavailable if the history of the slug is needed and the database cannot be reached.
    """
    found = loaded.index.find(kind, address) or loaded.index.find_renamed(kind, address)
    if found is not None:
        return found
    records = _history(database, loaded, kind, address)
    return next((node for one in records if (node := loaded.index.find_uuid(one.uuid)) is not None), None)


def present_slug(
    database: Database, loaded: Loaded, kind: str, slug: str | None, parameter: str
) -> str | None:
    """Return the present slug of the entity that a parameter names, by its present or a former slug.

    Raises InvalidParameter if the release has no such entity.
    """
    if slug is None or loaded.index.find(kind, slug) is not None:
        return slug
    found = find_present(database, loaded, kind, slug)
    if found is not None:
        return found.address
    raise wrong_value(parameter, why_missing(loaded.index, kind, slug))


def why_missing(index: Index, kind: str, slug: str) -> str:
    """Return the reason why a release has no such entity: that of its removal, or similar names."""
    removal = next((one for one in index.ladder.removals if (one.kind, one.slug) == (kind, slug)), None)
    if removal is not None:
        return _reason(removal)
    suggestion = did_you_mean(slug, (node.address for node in index.of_kind(kind)))
    return f"This release has no {kind} {slug[:80]!r}.{suggestion}"


def gone(index: Index, home: str, records: Sequence[SlugRecord]) -> Gone:
    """Return the error for an entity that a ladder no longer has. `records` are all its slugs, oldest first."""
    names = {(record.kind, record.slug) for record in records}
    for removal in index.ladder.removals:
        if (removal.kind, removal.slug) in names:
            return removed(index, home, removal)
    newest = records[-1]
    return Gone(f"The {newest.kind} {newest.slug!r} of {index.ladder.slug} was removed. No reason was given.")


def removed(index: Index, home: str, removal: Removal) -> Gone:
    """Return the error for an entity whose removal is recorded in the ladder. `home` is the URL of the ladder."""
    targets = [one for one in (removal.successor, *removal.successors) if one is not None]
    found = {target: index.find_target(target) for target in dict.fromkeys(targets)}
    successors = [(target, home + entity_path(node)) for target, node in found.items() if node is not None]
    detail = _reason(removal)
    if found:
        detail += f" Read {' and '.join(found)} instead."
    return Gone(detail, successors)


def _reason(removal: Removal) -> str:
    return f"The {removal.kind} {removal.slug!r} was removed: {removal.reason}"


def _renamed(home: str, node: Node, after: str) -> Renamed:
    return Renamed(f"Its slug is now {node.address!r}.", home + entity_path(node) + after)


def _history(database: Database, loaded: Loaded, kind: str, address: str) -> tuple[SlugRecord, ...]:
    if "\0" in address:
        return ()  # PostgreSQL cannot compare it, and no slug contains it
    return database.ask(partial(find_slug, ladder=loaded.slug, kind=kind, slug=address))
