"""The page that edits a track, facet, scale, question, tip or text of a draft."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Final

from fastapi import Path
from starlette.responses import HTMLResponse, Response

from app.api.reading.urls import COLLECTION_OF
from app.rubric.entities import CLASSES, Kind
from app.rubric.index import Index
from app.rubric.ladder import Guidance
from app.web.layout.editing.about_field import ABOUT, given_targets, shown_names
from app.web.layout.editing.draft_form import Editing, EditingDep, FormState
from app.web.layout.editing.entity_fields import fields_of
from app.web.layout.editing.entity_form import EntityForm, save_entity, submit, values_of
from app.web.layout.editing.entity_names import EntityNames
from app.web.layout.editing.form_fields import Plain
from app.web.layout.editing.kinds import KINDS
from app.web.layout.editing.meaning import findings_by_target, meanings_of
from app.web.layout.editing.new_slugs import free_slug
from app.web.layout.rendering import display_name, show
from app.web.navigation.page_router import page_router
from app.web.translation.messages import N_

router = page_router()

_KINDS: Final = tuple(kind for kind in KINDS if kind not in {"level", "competency"})


def entity_form(index: Index, kind: Kind, address: str) -> EntityForm:
    """Return the form of an entity."""
    fields = fields_of(index, kind, address)
    if kind == "scale":
        return EntityForm(kind, address, CLASSES[kind], fields, finish=_with_step_slugs)
    if not issubclass(CLASSES[kind], Guidance):
        return EntityForm(kind, address, CLASSES[kind], fields)
    shown, given = partial(shown_names, index), partial(given_targets, index)
    return EntityForm(kind, address, CLASSES[kind], (*fields[:-1], ABOUT, fields[-1]), {}, shown, given)


def show_entity(
    editing: Editing,
    form: EntityForm,
    state: FormState,
    template: str = "editing/entity.html",
    **more: object,
) -> HTMLResponse:
    """Show the form of an entity. Raises NotFound, Gone, or Renamed if it is not there."""
    reading = editing.reading
    node = reading.get(form.kind, form.address)
    name = display_name(node)
    return show(
        template,
        status=state.status,
        frame=editing.frame(N_("Edit %(name)s", name=name)),
        editing=editing,
        reading=reading,
        node=node,
        name=name,
        kind=KINDS[form.kind].noun,
        form=form,
        state=state,
        values=values_of(form, editing, state),
        meanings=meanings_of(reading, node.target),
        findings=findings_by_target(reading).get(node.target, ()),
        names=_names(editing, form),
        remove=f"{edit_url(editing, form.kind, node.address).removesuffix('/edit')}/remove",
        **more,
    )


def _names(editing: Editing, form: EntityForm) -> tuple[str, ...]:
    """Return the names to suggest, if the form has a field for the name of an entity."""
    return editing.reading.index.once(EntityNames).listed("level") if ABOUT in form.fields else ()


async def save_form(
    editing: Editing, form: EntityForm, page: Callable[[FormState], HTMLResponse]
) -> Response:
    """Save the form of an entity, and show it again with what the change means. Raises as `show_entity`."""
    editing.reading.get(form.kind, form.address)

    def save(editing: Editing, form: EntityForm, sent: Mapping[str, str]) -> str:
        return f"{edit_url(editing, form.kind, save_entity(editing, form, sent).address)}?saved"

    return await submit(editing, form, page, save)


def edit_url(editing: Editing, kind: Kind, address: str) -> str:
    """Return the URL of the page that edits an entity."""
    return f"{editing.reading.urls.home}/{COLLECTION_OF[kind]}/{address}/edit"


def _add_pages(kind: Kind) -> None:
    """Add the page that edits entities of a kind, and its form."""
    path = f"/ladders/{{ladder}}/{COLLECTION_OF[kind]}/{{{kind}}}/edit"
    Address = Annotated[str, Path(alias=kind)]  # noqa: N806 - a type

    async def show_form(editing: EditingDep, address: Address) -> HTMLResponse:
        return show_entity(editing, entity_form(editing.reading.index, kind, address), editing.state)

    async def save(editing: EditingDep, address: Address) -> Response:
        form = entity_form(editing.reading.index, kind, address)
        return await save_form(editing, form, partial(show_entity, editing, form))

    router.get(path, name=f"show_{kind}_form")(show_form)
    router.post(path, name=f"save_{kind}_form")(save)


def _with_step_slugs(changes: Plain) -> Plain:
    """Return the properties of a scale whose new steps have slugs made from their titles."""
    steps: list[Plain] = changes.get("steps") or []
    taken = {one["slug"] for one in steps if "slug" in one}
    named = []
    for one in steps:
        slug = one.get("slug") or free_slug(str(one.get("title", "")), "step", taken)
        taken.add(slug)
        named.append({**one, "slug": slug})
    return {**changes, "steps": named}


for _kind in _KINDS:
    _add_pages(_kind)
