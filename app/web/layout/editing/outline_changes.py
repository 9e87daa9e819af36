"""The changes of the outline of a draft: add, move up and down, rename."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request

from app.api.reading.draft_etags import content_part, entity_tag
from app.api.writing.draft_writes import change_draft
from app.api.writing.entity import base_of, plain
from app.errors import Fault, Invalid, PreconditionFailed
from app.rubric.editing import put, reorder
from app.rubric.entities import CLASSES, Kind, Node
from app.rubric.index import Index
from app.rubric.ladder import Ladder, Level
from app.store.drafts import Draft
from app.web.layout.editing.form_values import value_with
from app.web.layout.editing.kinds import KINDS
from app.web.layout.editing.new_slugs import new_slug
from app.web.layout.editing.outline_rows import Listing, find_listing
from app.web.translation.messages import N_

_NO_NAME: Final = N_("Write a name.")
_MOVED: Final = N_("Somebody else has changed this list. Look at it again, then repeat your change.")


def add(request: Request, slug: str, form: Mapping[str, str]) -> tuple[Kind, str]:
    """Add an entity to the end of a list, and return its kind and address. Raises Invalid without a name."""
    added: list[tuple[Kind, str]] = []

    def change(draft: Draft) -> Ladder:
        index = Index.of(draft.ladder)
        listing = _listing(index, form)
        field = f"name-{listing.name}"
        name = form.get(field, "").strip()
        if not name:
            raise Invalid(_NO_NAME, faults=[Fault(_NO_NAME, f"/{field}")])
        base = base_of(request, draft)
        address = new_slug(index, base, listing.kind, name)
        values = {"slug": address, KINDS[listing.kind].name: name, **_more(index, listing)}
        added[:] = [(listing.kind, address)]
        return put(index, listing.kind, address, value_with(CLASSES[listing.kind], {}, values), base).ladder  # type: ignore[arg-type]  # a class of entities

    change_draft(request, slug, change)
    return added[0]


def move(request: Request, slug: str, form: Mapping[str, str]) -> None:
    """Move an entity one place up or down in its list. Raises PreconditionFailed if the list has another order."""
    up = form.get("up")
    address = form.get("down", "") if up is None else up

    def change(draft: Draft) -> Ladder:
        index = Index.of(draft.ladder)
        listing = _listing(index, form)
        if form.get("order") != listing.order:
            raise PreconditionFailed(_MOVED)
        addresses = [node.address for node in listing.nodes]
        at = addresses.index(address) if address in addresses else -1
        other = at - 1 if up is not None else at + 1
        if at < 0 or not 0 <= other < len(addresses):
            return index.ladder
        return _exchanged(index, listing.nodes[at], listing.nodes[other])

    change_draft(request, slug, change)


def rename(request: Request, slug: str, form: Mapping[str, str]) -> None:
    """Give an entity another name. Raises PreconditionFailed if somebody else has changed it."""
    target, name = form.get("rename", ""), form.get("name", "").strip()

    def change(draft: Draft) -> Ladder:
        index = Index.of(draft.ladder)
        node = find_named(index, target)
        if node is None or content_part(entity_tag(index, node, None)) != form.get("tag"):
            raise PreconditionFailed(_MOVED)
        if not name:
            raise Invalid(_NO_NAME, faults=[Fault(_NO_NAME, "/name")])
        changes = {name_field(node): name}
        entity: Any = value_with(CLASSES[node.kind], plain(node), changes)
        return put(index, node.kind, node.address, entity, base_of(request, draft)).ladder

    change_draft(request, slug, change, target=target)


def find_named(index: Index, target: str) -> Node | None:
    """Return an entity of the outline; None if there is none, or if its kind has no name."""
    node = index.find_target(target)
    return node if node is not None and node.kind in KINDS else None


def name_field(node: Node) -> str:
    """Return the property that holds the name of an entity."""
    return KINDS[node.kind].name


def _listing(index: Index, form: Mapping[str, str]) -> Listing:
    found = find_listing(index, form.get("list", ""))
    if found is None:
        raise PreconditionFailed(_MOVED)
    return found


def _more(index: Index, listing: Listing) -> dict[str, Any]:
    """Return the further properties that a new entity must have."""
    values: dict[str, Any] = {}
    words = KINDS[listing.kind]
    if words.text:
        values[words.text] = ""
    if words.owner:
        values[words.owner] = listing.owner
    if listing.kind == "level":
        ranks = [level.rank for level in index.levels_of.get(listing.owner, ())]
        if ranks and None not in ranks:
            values["rank"] = max(rank for rank in ranks if rank is not None) + 1
    return values


def _exchanged(index: Index, one: Node, other: Node) -> Ladder:
    """Return the ladder with two siblings in each other's places. Levels exchange their ranks, too."""
    first, second = sorted((one, other), key=lambda node: node.position)
    ladder = reorder(index, one.kind, [second.address, first.address])
    if not (isinstance(one.entity, Level) and isinstance(other.entity, Level)):
        return ladder
    if one.entity.rank == other.entity.rank:
        return ladder
    ranks = {one.address: other.entity.rank, other.address: one.entity.rank}
    if None in ranks.values():
        return ladder
    levels = tuple(
        level.model_copy(update={"rank": ranks[level.slug]}) if level.slug in ranks else level
        for level in ladder.levels
    )
    return ladder.model_copy(update={"levels": levels})
