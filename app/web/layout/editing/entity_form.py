"""The form of one entity of a draft: its fields, and how it is saved.

The form has the tag of its entity. If somebody else has changed the entity meanwhile, what only one of the two
changed is kept, and the person decides about the rest (`clash.py`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Protocol, TypeVar

from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.api.reading.draft_etags import content_part, entity_tag
from app.api.writing.entity import Place, Written, base_of
from app.api.writing.preconditions import Preconditions
from app.errors import Conflict, Forbidden, Invalid, TooLarge, Unavailable
from app.rubric.entities import Kind, Node
from app.rubric.index import Index
from app.rubric.text import Value
from app.store.drafts import Draft
from app.web.layout.editing.clash import Clash, show_clash
from app.web.layout.editing.draft_form import SEE_OTHER, TAG, Editing, FormState
from app.web.layout.editing.form_fields import Field, Plain, fill, plain, seen_in
from app.web.layout.editing.form_values import changed, merged, rearranged, value_with
from app.web.layout.form_errors import FormErrors
from app.web.translation.messages import N_

_ANEW: Final = N_("You have signed in again since you opened this form. Check it, then save it.")
_REFUSALS: Final = (Conflict, Forbidden, Invalid, TooLarge, Unavailable)
_NOT_TYPED: Final = frozenset({"token", "session", "do", "then"})


class DraftForm(Protocol):
    """A form that changes a part of a draft."""

    @property
    def fields(self) -> tuple[Field, ...]:
        """Return the fields, in order."""

    def before(self, index: Index) -> Plain:
        """Return the properties as they are, by the names of their fields."""

    def tag(self, index: Index) -> str:
        """Return the tag of that part of the draft; empty if it is not there."""


FormOf = TypeVar("FormOf", bound=DraftForm)


@dataclass(frozen=True, slots=True)
class EntityForm:
    """The form of one entity: its place in the draft and its fields."""

    kind: Kind
    address: str
    model: type[Value]
    fields: tuple[Field, ...]
    new: Plain = field(default_factory=dict)
    """The properties of an entity that is not there yet."""
    prepare: Callable[[Plain], Plain] = dict
    """Turns the properties into what the fields show."""
    finish: Callable[[Plain], Plain] = dict
    """Turns what the fields show into the properties. Raises Invalid."""

    def node(self, index: Index) -> Node | None:
        """Return the entity, if it is there."""
        return index.find(self.kind, self.address)

    def before(self, index: Index) -> Plain:
        """Return the entity as it is; the properties of a new one if it is not there."""
        node = self.node(index)
        return self.new if node is None else self.prepare(plain(node.entity))

    def tag(self, index: Index) -> str:
        """Return the tag of the entity; empty if it is not there."""
        node = self.node(index)
        return "" if node is None else content_part(entity_tag(index, node, None))


def values_of(form: DraftForm, editing: Editing, state: FormState) -> dict[str, str]:
    """Return the values of all controls of a form, the hidden ones included."""
    index, sent = editing.reading.index, state.sent
    before = form.before(index)
    shown = fill(form.fields, before)
    if sent is None:
        return {**shown, **seen_in(form.fields, before), **editing.hidden(form.tag(index))}
    rows = tuple(f"{one.name}." for one in form.fields if f"{one.name}.rows" in sent)
    shown = {name: value for name, value in shown.items() if not name.startswith(rows)}
    typed = {name: value for name, value in sent.items() if name not in _NOT_TYPED}
    return {**shown, **seen_in(form.fields, before), **typed, **editing.hidden(sent.get(TAG, ""))}


def save_entity(editing: Editing, entity: EntityForm, form: Mapping[str, str]) -> Written:
    """Write what a form changes, through the same function as the API.

    Raises Invalid and Conflict with the fields, Clash, and as `change_draft`.
    """

    def make(_: Draft, index: Index) -> Value:
        changes, theirs = changes_in(entity, form, index), entity.before(index)
        return value_with(entity.model, {}, entity.finish({**theirs, **changes}), entity.fields, form)

    return place_of(editing, entity).put(make)


def place_of(editing: Editing, entity: EntityForm) -> Place:
    """Return the place of an entity in the draft. The form itself compares the tags."""
    return Place(editing.request, editing.slug, entity.kind, entity.address, Preconditions())


def base_of_draft(editing: Editing, draft: Draft) -> Index | None:
    """Return the release that a draft builds on; None if the ladder was never published."""
    return base_of(editing.request, draft)


def changes_in(form: DraftForm, sent: Mapping[str, str], index: Index) -> Plain:
    """Return the properties that a form changes in the draft as it is now.

    Raises Clash if somebody else has changed the same, Invalid as `changed`.
    """
    theirs, tag, sent_tag = form.before(index), form.tag(index), sent.get(TAG, "")
    if sent_tag and not tag:
        raise Clash(form.fields, None, "")
    fields = [one for one in form.fields if sent.get(f"take.{one.name}") != "theirs"]
    if sent_tag == tag:
        return changed(fields, sent, theirs)
    changes, both = merged(fields, sent, theirs)
    if both:
        raise Clash(both, theirs, tag)
    return changes


async def submit(
    editing: Editing,
    form: FormOf,
    page: Callable[[FormState], HTMLResponse],
    save: Callable[[Editing, FormOf, Mapping[str, str]], str],
) -> Response:
    """Save a form, and lead to the URL that `save` returns. If it is refused, `page` shows it with what was typed."""
    sent = await editing.sent()
    try:
        editing.require_token(sent)
    except Forbidden as refused:
        return page(FormState(sent, FormErrors.about(_ANEW), refused.status))
    do = sent.get("do", "")
    if ":" in do:
        return page(FormState(rearranged(sent, form.fields, do)))
    try:
        url = await editing.reading.serving.writers.run(partial(save, editing, form, sent))
    except Clash as clash:
        return show_clash(editing, form.fields, clash, sent)
    except _REFUSALS as refused:
        errors = FormErrors.of(refused, {*sent, *(one.name for one in form.fields)})
        return page(FormState(sent, errors, refused.status))
    return RedirectResponse(url, SEE_OTHER)
