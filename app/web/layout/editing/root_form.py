"""The form of the ladder itself: title, language, licence, and the words that it uses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.api.writing.draft_writes import change_draft
from app.errors import Fault, Invalid
from app.rubric.editing import LadderRoot, put_root
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.store.drafts import Draft
from app.web.layout.editing.draft_form import Editing
from app.web.layout.editing.entity_form import base_of_draft, changes_in
from app.web.layout.editing.form_fields import Choice, Field, Plain, digest, plain
from app.web.layout.editing.form_values import value_with
from app.web.layout.editing.new_slugs import free_slug
from app.web.translation.ladder_languages import LADDER_LANGUAGES
from app.web.translation.messages import N_

_NO_LICENCE: Final = N_("Write the name of the licence, or remove its web address.")
_COUNTS: Final = (
    Choice("asked", N_("Expected")),
    Choice("optional", N_("Optional")),
    Choice("ahead", N_("Points beyond the level")),
    Choice("sign", N_("Helps to recognise it")),
    Choice("unwanted", N_("A counter-example")),
)
_DESCRIBED: Final = (
    Field("title", N_("Name"), required=True),
    Field("summary", N_("Description"), widget="text"),
)
_NAMED: Final = ("statement_kinds", "categories", "groups")
"""The lists whose new entries need slugs."""
_FIELDS: Final = (
    Field("title", N_("Title"), required=True),
    Field("organisation", N_("Organisation")),
    Field("summary", N_("Summary"), N_("One or two sentences."), "text"),
    Field(
        "language",
        N_("Language of the texts"),
        widget="select",
        choices=tuple(Choice(tag, name) for tag, name in LADDER_LANGUAGES.items()),
        required=True,
    ),
    Field(
        "cumulative",
        N_("Does a level include the levels below it?"),
        widget="radios",
        choices=(Choice("unsaid", N_("Not stated")), Choice("yes", N_("Yes")), Choice("no", N_("No"))),
    ),
    Field(
        "statement_kinds",
        N_("Kinds of statements"),
        N_("The words that mark statements, and what they mean for people."),
        "rows",
        blank=1,
        columns=(
            Field("title", N_("Kind"), required=True),
            Field("counts_as", N_("Meaning of kind"), widget="select", choices=_COUNTS),
        ),
    ),
    Field(
        "categories",
        N_("Categories of competencies"),
        N_("In the order in which they are shown. Competencies name their category."),
        "rows",
        blank=1,
        columns=_DESCRIBED,
    ),
    Field("groups", N_("Groups of tracks"), widget="rows", blank=1, columns=_DESCRIBED),
    Field("licence_title", N_("Licence")),
    Field("licence_url", N_("Web address of the licence")),
    Field("attribution", N_("Credit that the licence requires"), widget="text"),
)


@dataclass(frozen=True, slots=True)
class RootForm:
    """The form of the ladder itself."""

    fields: tuple[Field, ...] = _FIELDS

    def before(self, index: Index) -> Plain:
        """Return the ladder's own properties, with those of its licence beside them."""
        values = {
            name: value for name, value in plain(index.ladder).items() if name in LadderRoot.model_fields
        }
        licence = values.pop("licence", {})
        return {**values, **{f"licence_{name}": value for name, value in licence.items()}}

    def tag(self, index: Index) -> str:
        """Return the tag of these properties."""
        return digest(self.before(index))


def save_root(editing: Editing, form: RootForm, sent: Mapping[str, str]) -> str:
    """Write the ladder's own properties, and return the page to show. Raises as `changes_in`."""

    def change(draft: Draft) -> Ladder:
        index = Index.of(draft.ladder)
        before = form.before(index)
        values = _with_slugs({**before, **changes_in(form, sent, index)})
        licence = {name: text for name in ("title", "url") if (text := values.pop(f"licence_{name}", None))}
        if licence and "title" not in licence:
            raise Invalid(_NO_LICENCE, faults=[Fault(_NO_LICENCE, "/licence_title")])
        values["licence"] = licence or None
        root = value_with(LadderRoot, {}, values, form.fields, sent)
        return put_root(index, root, base_of_draft(editing, draft))

    change_draft(editing.request, editing.slug, change, target=f"ladder:{editing.slug}")
    return editing.saved_url


def _with_slugs(values: Plain) -> Plain:
    """Return properties in which every entry of a list that needs a slug has one, made from its title."""
    return {name: _named(value) if name in _NAMED else value for name, value in values.items()}


def _named(rows: list[Plain] | None) -> list[Plain] | None:
    taken = {row["slug"] for row in rows or () if "slug" in row}
    named = []
    for row in rows or ():
        slug = row.get("slug") or free_slug(str(row.get("title", "")), "entry", taken)
        taken.add(slug)
        named.append({**row, "slug": slug})
    return named or None
