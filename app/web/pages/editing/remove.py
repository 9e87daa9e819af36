"""The page that removes an entity from a draft: what goes with it, why, and what replaces it."""

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final

from fastapi import Path
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.api.reading.draft_etags import content_part, entity_tag
from app.api.reading.urls import COLLECTION_OF
from app.api.writing.entity import Place
from app.api.writing.preconditions import Preconditions
from app.errors import Conflict, Fault, Forbidden, Invalid, NotFound, PreconditionFailed, Unavailable
from app.rubric.editing import Parting, parts_of, remove
from app.rubric.editing.renaming import published
from app.rubric.entities import Kind, Node
from app.rubric.index import Index
from app.rubric.ladder import Ladder, Removal
from app.serving.releases.loaded_releases import LoadedDraft
from app.store.drafts import Draft
from app.web.layout.editing.draft_form import SEE_OTHER, TAG, Editing, EditingDep, FormState, editing_of
from app.web.layout.editing.entity_form import base_of_draft
from app.web.layout.editing.entity_names import EntityNames
from app.web.layout.editing.form_values import value_with
from app.web.layout.editing.kinds import KINDS
from app.web.layout.form_errors import FormErrors
from app.web.layout.rendering import display_name, show
from app.web.navigation.page_router import page_router
from app.web.translation.messages import N_, NN_

router = page_router()

_SUCCESSORS: Final = ("successor-1", "successor-2", "successor-3")
_LONGEST_REASON: Final = 2_000
_NO_REASON: Final = N_("Write why it is removed. Readers who follow an old link see it.")
_LONG_REASON: Final = N_("Write at most %(number)s characters.", number=_LONGEST_REASON)
_UNKNOWN: Final = N_("The draft has nothing with this name. Choose one from the list.")
_ITSELF: Final = N_("Choose something that stays.")
_ANEW: Final = N_("You have signed in again since you opened this form. Check it, then remove.")
_CHANGED: Final = N_(
    "Somebody else has changed it since you opened this page. Look at it again before you remove it."
)
_REFUSALS: Final = (Conflict, Forbidden, Invalid, PreconditionFailed, Unavailable)


def _page(editing: Editing, kind: Kind, address: str, state: FormState) -> HTMLResponse:
    reading = editing.reading
    node = reading.get(kind, address)
    sent, base = state.sent or {}, _base(editing)
    tag = content_part(entity_tag(reading.index, node, None))
    return show(
        "editing/remove.html",
        status=state.status,
        frame=editing.frame(N_("Remove %(name)s", name=display_name(node))),
        editing=editing,
        reading=reading,
        node=node,
        name=display_name(node),
        kind=KINDS[kind].noun,
        state=state,
        hidden=editing.hidden(tag),
        parts=_parts(reading.index, node),
        is_published=published(reading.index, node, base) is not None,
        successors={name: sent.get(name, "") for name in _SUCCESSORS},
        reason=sent.get("reason", ""),
        names=reading.index.once(EntityNames).listed(kind),
        back=f"{reading.urls.home}/{COLLECTION_OF[kind]}/{address}/edit",
    )


async def _send(editing: Editing, kind: Kind, address: str) -> Response:
    form = await editing.sent()
    editing.reading.get(kind, address)
    try:
        editing.require_token(form)
    except Forbidden as refused:
        return _page(editing, kind, address, FormState(form, FormErrors.about(_ANEW), refused.status))
    try:
        await editing.reading.serving.writers.run(partial(_remove, editing, kind, address, form))
    except _REFUSALS as refused:
        now = await editing_of(editing.request, editing.reading.urls.reference)
        return _page(now, kind, address, FormState(form, FormErrors.of(refused, form), refused.status))
    return RedirectResponse(f"{editing.reading.urls.home}/edit", SEE_OTHER)


def _remove(editing: Editing, kind: Kind, address: str, form: Mapping[str, str]) -> None:
    """Remove an entity and its parts, through the same function as the API."""

    def edit(draft: Draft, index: Index) -> Ladder:
        node = index.find(kind, address)
        if node is None:
            raise NotFound(f"The draft has no {kind} {address!r}.")
        if content_part(entity_tag(index, node, None)) != form.get(TAG):
            raise PreconditionFailed(_CHANGED)
        base = base_of_draft(editing, draft)
        parting = _parting(index, node, form) if published(index, node, base) is not None else None
        return remove(index, kind, address, base, parting, cascade=True)

    Place(editing.request, editing.slug, kind, address, Preconditions()).change(edit)


def _parting(index: Index, node: Node, form: Mapping[str, str]) -> Parting:
    """Return the reason and the successors in a form. Raises Invalid with the fields."""
    reason, faults = form.get("reason", "").replace("\r\n", "\n").strip(), []
    if not reason or len(reason) > _LONGEST_REASON:
        faults.append(Fault(_LONG_REASON if reason else _NO_REASON, "/reason"))
    found: list[str] = []
    going = {node, *parts_of(index, node)}
    for name in _SUCCESSORS:
        text = form.get(name, "").strip()
        successor = index.once(EntityNames).find(text) if text else None
        if text and (successor is None or successor.kind not in KINDS):
            faults.append(Fault(_UNKNOWN, f"/{name}"))
        elif successor in going:
            faults.append(Fault(_ITSELF, f"/{name}"))
        elif successor is not None:
            found.append(successor.target)
    if faults:
        raise Invalid("The form has errors.", faults=faults)
    value_with(Removal, {"kind": node.kind, "slug": node.address}, {"reason": reason})
    return Parting(reason, tuple(dict.fromkeys(found)))


def _parts(index: Index, node: Node) -> tuple[str, ...]:
    """Return how many entities of each kind go with one: "31 expectations"."""
    counts = Counter(one.kind for one in parts_of(index, node))
    words: dict[Kind, str] = {
        "level": NN_("%(num)s level", "%(num)s levels", counts["level"]),
        "facet": NN_("%(num)s facet", "%(num)s facets", counts["facet"]),
        "expectation": NN_("%(num)s expectation", "%(num)s expectations", counts["expectation"]),
    }
    return tuple(text for kind, text in words.items() if counts[kind])


def _base(editing: Editing) -> Index | None:
    loaded = editing.reading.loaded
    if not isinstance(loaded, LoadedDraft) or loaded.base is None:
        return None
    return editing.reading.serving.loaded.get(loaded.base).index


def _add_pages(kind: Kind) -> None:
    """Add the page that removes entities of a kind, and its form."""
    path = f"/ladders/{{ladder}}/{COLLECTION_OF[kind]}/{{{kind}}}/remove"
    Address = Annotated[str, Path(alias=kind)]  # noqa: N806 - a type

    async def show_removal(editing: EditingDep, address: Address) -> HTMLResponse:
        return _page(editing, kind, address, editing.state)

    async def remove_entity(editing: EditingDep, address: Address) -> Response:
        return await _send(editing, kind, address)

    router.get(path, name=f"show_{kind}_removal")(show_removal)
    router.post(path, name=f"remove_{kind}_of_draft")(remove_entity)


for _kind in KINDS:
    _add_pages(_kind)
