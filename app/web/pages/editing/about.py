"""The page that edits the ladder itself: title, language, licence, kinds of statements, categories."""

from functools import partial
from typing import Final

from starlette.responses import HTMLResponse, Response

from app.web.layout.editing.draft_form import Editing, EditingDep, FormState
from app.web.layout.editing.entity_form import submit, values_of
from app.web.layout.editing.meaning import findings_by_target, meanings_of
from app.web.layout.editing.root_form import RootForm, save_root
from app.web.layout.rendering import show
from app.web.navigation.page_router import page_router
from app.web.translation.messages import N_

router = page_router()

_PATH: Final = "/ladders/{ladder}/about/edit"


@router.get(_PATH)
async def show_about_form(editing: EditingDep) -> HTMLResponse:
    """Show the form of the ladder itself."""
    return _page(editing, editing.state)


@router.post(_PATH)
async def save_about(editing: EditingDep) -> Response:
    """Save the ladder's own properties."""
    return await submit(editing, RootForm(), partial(_page, editing), save_root)


def _page(editing: Editing, state: FormState) -> HTMLResponse:
    reading, form = editing.reading, RootForm()
    node = reading.index.nodes[0]
    return show(
        "editing/about.html",
        status=state.status,
        frame=editing.frame(N_("About this ladder")),
        editing=editing,
        reading=reading,
        form=form,
        state=state,
        values=values_of(form, editing, state),
        meanings=meanings_of(reading, node.target),
        findings=findings_by_target(reading).get(node.target, ()),
    )
