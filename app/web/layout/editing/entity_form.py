"""The form of one entity of a draft: its fields, and how it is saved.

The form has the tag of its entity. If somebody else has changed the entity meanwhile, what only one of the two
changed is kept, and the person decides about the rest (`clash.py`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.api.reading.draft_etags import content_part, entity_tag
from app.api.writing.entity import Place, Written
from app.api.writing.preconditions import Preconditions
from app.errors import Conflict, Forbidden, Invalid, LadderError, TooLarge, Unavailable
from app.rubric.entities import Kind, Node
from app.rubric.index import Index
from app.rubric.text import Value
from app.store.drafts import Draft
from app.web.layout.editing.clash import Clash, show_clash
from app.web.layout.editing.draft_form import SEE_OTHER, TAG, Editing, FormState
from app.web.layout.editing.form_fields import Field, Plain, fill, plain, seen_in
from app.web.layout.editing.form_values import changed, merged, rearranged, value_with
from app.web.layout.form_errors import FormErrors

_ANEW: Final = "You have signed in again since you opened this form. Check it, then save it."
_REFUSALS: Final = (Conflict, Forbidden, Invalid, TooLarge, Unavailable)
_CHECKED: Final = Preconditions()
"""No precondition: the form compares the tag itself."""
_NOT_TYPED: Final = frozenset({"token", "session", "do", "then"})


@dataclass(frozen=True, slots=True)
class EntityForm:
    """The form of one entity: its place in the draft and its fields."""

    kind: Kind
    address: str
    model: type[Value]
    fields: tuple[Field, ...]
    new: Plain = field(default_factory=dict)
    """The properties of an entity that is not there yet."""

    def node(self, index: Index) -> Node | None:
        """Return the entity, if it is there."""
        return index.find(self.kind, self.address)

    def before(self, index: Index) -> Plain:
        """Return the entity as it is; the properties of a new one if it is not there."""
        node = self.node(index)
        return self.new if node is None else plain(node.entity)

    def values(self, editing: Editing, state: FormState) -> dict[str, str]:
        """Return the values of all controls, the hidden ones included."""
        index, loaded = editing.reading.index, editing.reading.loaded
        node, before = self.node(index), self.before(index)
        shown = fill(self.fields, before)
        if state.sent is not None:
            rows = tuple(f"{one.name}." for one in self.fields if f"{one.name}.rows" in state.sent)
            shown = {name: value for name, value in shown.items() if not name.startswith(rows)}
            sent = {name: value for name, value in state.sent.items() if name not in _NOT_TYPED}
            seen = {name: value for name, value in sent.items() if name.startswith("seen.")}
            return {**shown, **sent, **(seen or seen_in(self.fields, before))} | editing.hidden(
                state.sent.get(TAG, "")
            )
        tag = "" if node is None else content_part(entity_tag(index, node, loaded.since))
        return {**shown, **seen_in(self.fields, before), **editing.hidden(tag)}


def save_entity(editing: Editing, entity: EntityForm, form: Mapping[str, str]) -> Written:
    """Write what a form changes, through the same function as the API.

    Raises Invalid and Conflict with the fields, Clash, and as `change_draft`.
    """

    def make(draft: Draft, index: Index) -> Value:
        node = entity.node(index)
        theirs = entity.before(index)
        sent_tag = form.get(TAG, "")
        tag = "" if node is None else content_part(entity_tag(index, node, draft.base_version))
        if node is None and sent_tag:
            raise Clash(entity.fields, None, "")
        if content_part(sent_tag) == tag:
            changes = changed(entity.fields, form, theirs)
        else:
            changes, both = merged(entity.fields, form, theirs)
            if both:
                raise Clash(both, theirs, tag)
        return value_with(entity.model, theirs, changes, entity.fields, form)

    place = Place(editing.request, editing.slug, entity.kind, entity.address, _CHECKED)
    return place.put(make)


async def submit(
    editing: Editing,
    entity: EntityForm,
    page: Callable[[FormState], HTMLResponse],
    after: Callable[[Written, Mapping[str, str]], str],
) -> Response:
    """Save a form, and lead to the page that `after` names. If it is refused, `page` shows it with what was typed."""
    form = await editing.sent()
    try:
        editing.require_token(form)
    except Forbidden as refused:
        return page(FormState(form, FormErrors.about(_ANEW), refused.status))
    do = form.get("do", "")
    if ":" in do:
        return page(FormState(rearranged(form, entity.fields, do)))
    try:
        written = await editing.reading.serving.writers.run(partial(save_entity, editing, entity, form))
    except Clash as clash:
        return show_clash(editing, entity.fields, clash, form)
    except _REFUSALS as refused:
        return page(FormState(form, errors_of(refused, entity.fields, form), refused.status))
    return RedirectResponse(after(written, form), SEE_OTHER)


def errors_of(refused: LadderError, fields: Iterable[Field], form: Mapping[str, str]) -> FormErrors:
    """Return the errors of a refused form at its fields."""
    return FormErrors.of(refused, {*form, *(one.name for one in fields)})
