"""The page that edits translations: each text beside its translation, missing and outdated ones marked."""

from typing import Final

from app.rubric.ladder import Translation
from tests.api.drafting import write_draft
from tests.api.serving import Api
from tests.rubric.drafts import draft
from tests.web.editing.authors import DRAFT, author, content, opened, saved
from tests.web.page_forms import PageForm
from tests.web.signing import Browser

PAGE: Final = f"{DRAFT}/translations/edit"
OLD: Final = draft(
    {
        "/translations": [
            {"entity": "level:l5", "field": "title", "language": "de", "text": "Alt", "source": "Older"},
            {
                "entity": "level:l4",
                "field": "title",
                "language": "de",
                "text": "Ingenieur",
                "source": "Engineer",
            },
            {"entity": "level:l4", "field": "title", "language": "fr", "text": "Ingénieur"},
        ]
    }
)


def boxes(browser: Browser, query: str) -> tuple[PageForm, list[str]]:
    """Return the form of a part, and the names of its boxes in order."""
    form = opened(browser, f"{PAGE}?{query}", "edit wide")
    return form, [name.removeprefix("of.") for name in form.fields if name.startswith("of.")]


def test_missing_texts_are_translated_with_the_text_that_they_were_made_from(acme: Api) -> None:
    ada = author(acme)
    page = ada.get(PAGE).text
    assert "Translations</h1>" in page
    form, names = boxes(ada, "language=de&show=missing")
    assert form.action == f"{PAGE}?language=de&show=missing"
    answer = ada.post(form.action, form.fields | {names[0]: "Akme", names[1]: "Einzel\r\nPfad"})
    assert answer.status_code == 303
    assert content(acme).translations == (
        Translation(entity="ladder:acme", field="title", language="de", text="Akme", source="Acme"),
        Translation(
            entity="track:ic",
            field="title",
            language="de",
            text="Einzel\nPfad",
            source="Individual contributor",
        ),
    )
    _, left = boxes(ada, "language=de&show=missing")
    assert names[2:4] == left[:2]


def test_outdated_translations_are_changed_or_confirmed(acme: Api) -> None:
    write_draft(acme, OLD)
    ada = author(acme)
    page = ada.get(f"{PAGE}?language=de&show=stale").text
    assert "<p>Senior engineer</p>" in page
    assert "<p>Older</p>" in page
    form, (name,) = boxes(ada, "language=de&show=stale")
    assert form.fields[name] == "Alt"
    ada.post(form.action, form.fields)
    assert content(acme) == OLD
    ada.post(form.action, form.fields | {f"fresh.{name}": "on"})
    first, *others = content(acme).translations
    assert (first.text, first.source) == ("Alt", "Senior engineer")
    assert tuple(others) == OLD.translations[1:]
    assert "There is nothing here." in ada.get(f"{PAGE}?language=de&show=stale").text


def test_a_translation_is_removed_by_emptying_its_box(acme: Api) -> None:
    write_draft(acme, OLD)
    ada = author(acme)
    form, names = boxes(ada, "language=DE")
    (box,) = (name for name in names if form.fields[name] == "Ingenieur")
    saved(ada, f"{PAGE}?language=DE", {box: " "}, "edit wide")
    assert content(acme).translations == (OLD.translations[0], OLD.translations[2])


def test_a_translation_of_a_text_that_changed_meanwhile_is_checked_again(acme: Api) -> None:
    ada, bob = author(acme), author(acme, "Bob")
    form, names = boxes(ada, "language=de&show=missing")
    saved(bob, f"{DRAFT}/tracks/ic/edit", {"title": "Changed"})
    page = ada.post(form.action, form.fields | {names[1]: "Einzelpfad"})
    assert page.status_code == 422
    assert f'<a href="#{names[1]}">The text has changed since you opened this page.' in page.text
    assert "Einzelpfad</textarea>" in page.text
    assert content(acme).translations == ()


def test_two_people_translate_different_texts_of_one_page(acme: Api) -> None:
    ada, bob = author(acme), author(acme, "Bob")
    form, names = boxes(ada, "language=de&show=missing")
    saved(bob, f"{PAGE}?language=de&show=missing", {names[0]: "Bobs"}, "edit wide")
    assert ada.post(form.action, form.fields | {names[1]: "Adas"}).status_code == 303
    assert [one.text for one in content(acme).translations] == ["Bobs", "Adas"]
    clash = ada.post(form.action, form.fields | {names[0]: "Adas, too"})
    assert (clash.status_code, "Keep mine" in clash.text) == (412, True)


def test_a_long_list_of_texts_comes_in_parts(acme: Api) -> None:
    faqs = [{"slug": f"q{at}", "question": f"Question {at}?", "answer": "A " * 900} for at in range(60)]
    write_draft(acme, draft({"/faqs": faqs}))
    ada = author(acme)
    page = ada.get(f"{PAGE}?language=de&from=40")
    assert page.status_code == 200
    assert len(page.content) < 60_000
    assert 'rel="next"' in page.text
