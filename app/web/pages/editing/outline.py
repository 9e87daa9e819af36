"""The outline of a draft: all its parts, to add, move, rename and remove them."""

from functools import partial
from typing import Final

from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.api.reading.draft_etags import content_part, entity_tag
from app.api.reading.urls import COLLECTION_OF
from app.errors import Conflict, Forbidden, Invalid, PreconditionFailed, TooLarge, Unavailable
from app.web.layout.editing.draft_form import SEE_OTHER, Editing, EditingDep, FormState, editing_of
from app.web.layout.editing.outline_changes import add, find_named, move, name_field, rename
from app.web.layout.editing.outline_rows import shown_lists
from app.web.layout.form_errors import FormErrors
from app.web.layout.rendering import show
from app.web.navigation.page_router import page_router
from app.web.translation.messages import N_

router = page_router()

_PATH: Final = "/ladders/{ladder}/edit"
_ANEW: Final = N_("You have signed in again since you opened this page. Repeat your change.")
_REFUSALS: Final = (Conflict, Forbidden, Invalid, PreconditionFailed, TooLarge, Unavailable)


@router.get(_PATH)
def show_outline(editing: EditingDep) -> HTMLResponse:
    """Show all lists of the draft, or one of them."""
    return _page(editing, editing.state)


@router.post(_PATH)
async def change_outline(editing: EditingDep, ladder: str) -> Response:
    """Add, move or rename an entity, and lead to where it is."""
    form, request = await editing.sent(), editing.request
    try:
        editing.require_token(form)
    except Forbidden as refused:
        return _page(editing, FormState(form, FormErrors.about(_ANEW), refused.status))
    home, run = editing.reading.urls.home, editing.reading.serving.writers.run
    try:
        if form.get("do") == "add":
            kind, address = await run(partial(add, request, editing.slug, form))
            return RedirectResponse(f"{home}/{COLLECTION_OF[kind]}/{address}/edit", SEE_OTHER)
        if "rename" in form:
            await run(partial(rename, request, editing.slug, form))
        else:
            await run(partial(move, request, editing.slug, form))
    except _REFUSALS as refused:
        now = await editing_of(request, ladder)
        return _page(now, FormState(form, FormErrors.of(refused, form), refused.status))
    return RedirectResponse(_back(editing, form.get("list", "")), SEE_OTHER)


def _back(editing: Editing, name: str) -> str:
    """Return the URL of the list that was changed."""
    given = {key: value for key, value in editing.request.query_params.items() if key in {"list", "from"}}
    return editing.reading.urls.below("/edit", given) + (f"#{name}" if name else "")


def _page(editing: Editing, state: FormState) -> HTMLResponse:
    reading, asked = editing.reading, editing.request.query_params
    name = asked.get("list", "")
    lists, apart = shown_lists(reading, name, editing.first)
    renamed = find_named(reading.index, asked.get("rename", ""))
    sent = state.sent or {}
    return show(
        "editing/outline.html",
        status=state.status,
        frame=editing.frame(N_("Edit the draft")),
        editing=editing,
        reading=reading,
        state=state,
        sent=sent,
        lists=lists,
        apart=apart,
        is_one=bool(name) and len(lists) == 1 and lists[0].listing.name == name,
        hidden=editing.hidden(),
        renamed=renamed,
        renamed_tag="" if renamed is None else content_part(entity_tag(reading.index, renamed, None)),
        renamed_to=""
        if renamed is None
        else sent.get("name", getattr(renamed.entity, name_field(renamed)) or ""),
        here=_back(editing, ""),
    )
