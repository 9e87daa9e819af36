"""The form of translations: a box for each text of a draft, in one language."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.api.writing.draft_writes import change_draft
from app.errors import Fault, Invalid
from app.rubric.index import Index
from app.rubric.ladder import Ladder, Translation
from app.store.drafts import Draft
from app.web.layout.editing.draft_form import Editing
from app.web.layout.editing.entity_form import changes_in
from app.web.layout.editing.form_fields import Field, Plain, digest
from app.web.layout.editing.form_values import value_with
from app.web.layout.editing.source_texts import SourceText, SourceTexts
from app.web.translation.messages import N_

_CHANGED = N_("The text has changed since you opened this page. Check your translation, then save again.")


@dataclass(frozen=True, slots=True)
class TranslationForm:
    """The form of some texts in one language."""

    source: SourceTexts
    """All texts of the draft as it is shown, for the language."""
    texts: tuple[SourceText, ...]
    """The texts on the page."""

    @property
    def language(self) -> str:
        """The language."""
        return self.source.language

    def by_name(self, index: Index) -> Mapping[str, SourceText]:
        """Return all texts of a draft by the names of their fields."""
        source = self.source if self.source.index is index else SourceTexts(index, self.language)
        return source.by_name

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields, one for each text."""
        return tuple(
            Field(one.name, N_("%(place)s: %(field)s", place=one.place, field=one.label), widget="text")
            for one in self.texts
        )

    def before(self, index: Index) -> Plain:
        """Return the translations as they are, by the names of their fields."""
        by_name = self.by_name(index)
        found = ((one.name, by_name.get(one.name)) for one in self.texts)
        return {
            name: text.translation.text
            for name, text in found
            if text is not None and text.translation is not None
        }

    def tag(self, index: Index) -> str:
        """Return the tag of the translations on the page."""
        return digest(self.before(index))


def save_translations(editing: Editing, form: TranslationForm, sent: Mapping[str, str]) -> str:
    """Write the translations of a form, and return the page to show. Raises as `changes_in`."""

    def change(draft: Draft) -> Ladder:
        index = Index.of(draft.ladder)
        return _translated(index, form, changes_in(form, sent, index), sent)

    change_draft(editing.request, editing.slug, change)
    return editing.saved_url


def _translated(index: Index, form: TranslationForm, changes: Plain, sent: Mapping[str, str]) -> Ladder:
    """Return the ladder with changed translations, each with the text that it was made from."""
    by_name, before = form.by_name(index), form.before(index)
    written: dict[tuple[str, str], Translation | None] = {}
    faults = []
    for one in form.texts:
        now, text = by_name.get(one.name), changes.get(one.name, before.get(one.name))
        confirmed = f"fresh.{one.name}" in sent
        if now is None or (text == before.get(one.name) and not confirmed):
            continue
        if sent.get(f"of.{one.name}") != digest(now.text):
            faults.append(Fault(_CHANGED, f"/{one.name}"))
            continue
        values = {"entity": one.target, "field": one.field, "language": form.language, "text": text}
        made = None if text is None else value_with(Translation, values, {"source": now.text})
        written[one.target, one.field] = made
    if faults:
        raise Invalid("The form has errors.", faults=faults)
    return _with_translations(index.ladder, form.language, written) if written else index.ladder


def _with_translations(
    ladder: Ladder, language: str, written: Mapping[tuple[str, str], Translation | None]
) -> Ladder:
    left = dict(written)
    kept: list[Translation] = []
    for one in ladder.translations:
        key = one.entity, one.field
        if one.language.lower() != language.lower() or key not in written:
            kept.append(one)
        elif (made := left.pop(key, None)) is not None:
            kept.append(made.model_copy(update={"language": one.language}))
    kept += (made for made in left.values() if made is not None)
    return ladder.model_copy(update={"translations": tuple(kept)})
