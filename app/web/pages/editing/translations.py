"""The page that edits the translations of a draft: each text beside its translation into one language."""

import re
from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Final

from starlette.responses import HTMLResponse, Response

from app.rubric.text import LANGUAGE_PATTERN
from app.web.layout.editing.draft_form import Editing, EditingDep, FormState
from app.web.layout.editing.entity_form import submit, values_of
from app.web.layout.editing.form_fields import digest
from app.web.layout.editing.source_texts import SourceText, SourceTexts, languages_of
from app.web.layout.editing.translation_form import TranslationForm, save_translations
from app.web.layout.rendering import show
from app.web.navigation.page_router import page_router
from app.web.translation.ladder_languages import LADDER_LANGUAGES
from app.web.translation.messages import N_

router = page_router()

_PATH: Final = "/ladders/{ladder}/translations/edit"
_MOST: Final = 20
"""The most texts on one page."""
_MOST_CHARACTERS: Final = 12_000
"""The characters of texts after which a page ends, so that long texts do not make it too large."""
_STATES: Final = {"": N_("All"), "missing": N_("Missing"), "stale": N_("To check")}
_LONGEST_TAG: Final = 64


@router.get(_PATH)
def show_translations(editing: EditingDep) -> HTMLResponse:
    """Show the texts with their translations, or a choice of languages."""
    return _page(editing, editing.state)


@router.post(_PATH)
async def save_page(editing: EditingDep) -> Response:
    """Save the translations that were sent."""
    form = _form(editing, await editing.sent())
    return await submit(editing, form, partial(_page, editing), save_translations)


def _language(editing: Editing) -> str:
    """Return the language that the query names; else the first one of the ladder; empty if there is none."""
    asked = editing.request.query_params.get("language", "")
    known = languages_of(editing.reading.index)
    if re.fullmatch(LANGUAGE_PATTERN, asked) and len(asked) <= _LONGEST_TAG:
        return next((one for one in known if one.lower() == asked.lower()), asked)
    return known[0] if known else ""


def _form(editing: Editing, sent: Mapping[str, str] | None) -> TranslationForm:
    """Return the form of the texts that were sent; if nothing was, of the part that the query names."""
    source = SourceTexts(editing.reading.index, _language(editing))
    if sent is not None:
        names = (name.removeprefix("of.") for name in sent if name.startswith("of."))
        return TranslationForm(
            source, tuple(source.by_name[name] for name in names if name in source.by_name)
        )
    length, shown = 0, list[SourceText]()
    for one in _chosen(editing, source)[editing.first :][:_MOST]:
        length += len(one.text)
        if shown and length > _MOST_CHARACTERS:
            break
        shown.append(one)
    return TranslationForm(source, tuple(shown))


def _chosen(editing: Editing, source: SourceTexts) -> tuple[SourceText, ...]:
    """Return the texts in the state that the query names."""
    state = editing.request.query_params.get("show", "")
    texts = source.texts if source.language else ()
    return tuple(one for one in texts if state not in {"missing", "stale"} or one.state == state)


def _page(editing: Editing, state: FormState) -> HTMLResponse:
    reading, form = editing.reading, _form(editing, state.sent)
    source, language = form.source, form.language
    names = LADDER_LANGUAGES
    own = reading.ladder.language.lower()
    choices = {one: names.get(one, one) for one in (*languages_of(reading.index), *names)}
    counts = Counter(one.state for one in source.texts) if language else {}
    start, total = editing.first, len(_chosen(editing, source))
    return show(
        "editing/translations.html",
        status=state.status,
        frame=editing.frame(N_("Translations")),
        editing=editing,
        reading=reading,
        state=state,
        form=form,
        language=language,
        language_name=names.get(language, language),
        languages=[(tag, name) for tag, name in choices.items() if tag.lower() != own],
        states=_STATES,
        shown=editing.request.query_params.get("show", ""),
        counts=counts,
        values=values_of(form, editing, state),
        of={one.name: digest(one.text) for one in form.texts},
        start=start,
        total=total,
        before=max(0, start - _MOST) if start else None,
        following=start + len(form.texts) if start + len(form.texts) < total else None,
    )
