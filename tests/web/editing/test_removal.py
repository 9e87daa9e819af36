"""The page that removes a part of a draft: what goes with it, the reason, and what replaces it."""

from typing import Any, Final

import pytest

from app.rubric.ladder import Removal
from tests.api.serving import Api
from tests.rubric.drafts import draft
from tests.web.editing.authors import DRAFT, author, content, opened

LEVEL: Final = f"{DRAFT}/levels/l5/remove"


def test_a_published_part_goes_with_a_reason_and_what_replaces_it(acme: Api) -> None:
    ada = author(acme)
    page = ada.get(LEVEL).text
    assert "<li>1 expectation</li>" in page
    assert '<option value="Engineer">' in page
    form = opened(ada, LEVEL)
    fields = form.fields | {"reason": "Not used.\r\nAt all.", "successor-1": "engineer"}
    answer = ada.post(form.action, fields | {"successor-3": " quality "})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{DRAFT}/edit")
    ladder = content(acme)
    assert [level.slug for level in ladder.levels] == ["l4"]
    assert [one.level for one in ladder.expectations] == ["l4"]
    both = ("level:l4", "competency:quality")
    assert ladder.removals == (
        Removal(kind="level", slug="l5", reason="Not used.\nAt all.", successors=both),
        Removal(kind="expectation", slug="l5--quality", reason="Not used.\nAt all.", successors=both),
    )


def test_a_part_that_was_never_published_goes_without_a_reason(acme: Api) -> None:
    ada = author(acme)
    form = opened(ada, f"{DRAFT}/facets/pace/remove")
    assert "reason" in form.fields
    outline = opened(ada, f"{DRAFT}/edit?list=facets-of-delivery", "inline add")
    ada.post(outline.action, outline.fields | {"name-facets-of-delivery": "Rhythm", "do": "add"})
    form = opened(ada, f"{DRAFT}/facets/rhythm/remove")
    assert "reason" not in form.fields
    assert ada.post(form.action, form.fields).status_code == 303
    assert content(acme) == draft()


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({"reason": " "}, "reason", "Write why it is removed."),
        ({"reason": "x" * 2001}, "reason", "Write at most 2,000 characters."),
        (
            {"reason": "Old.", "successor-2": "Nothing"},
            "successor-2",
            "The draft has nothing with this name.",
        ),
        ({"reason": "Old.", "successor-1": "level:l5"}, "successor-1", "Choose something that stays."),
        (
            {"reason": "Old.", "successor-1": "expectation:l4--quality"},
            "successor-1",
            "The draft has nothing with this name.",
        ),
        ({"reason": "Old.\0"}, "reason", "Text must not contain the NUL character"),
    ],
)
def test_a_removal_that_cannot_be_is_explained_at_its_field(
    acme: Api, sent: dict[str, Any], field: str, words: str
) -> None:
    ada = author(acme)
    form = opened(ada, LEVEL)
    page = ada.post(form.action, form.fields | sent)
    assert page.status_code == 422
    assert f'<a href="#{field}">{words}' in page.text
    assert f'id="{field}-error">{words}' in page.text
    assert content(acme) == draft()


def test_a_part_that_somebody_changed_meanwhile_is_looked_at_again(acme: Api) -> None:
    ada, bob = author(acme), author(acme, "Bob")
    form = opened(ada, LEVEL)
    edited = opened(bob, f"{DRAFT}/levels/l5/edit")
    bob.post(edited.action, edited.fields | {"summary": "Better."})
    page = ada.post(form.action, form.fields | {"reason": "Old."})
    assert page.status_code == 412
    assert "Somebody else has changed it since you opened this page." in page.text
    assert len(content(acme).levels) == 2
    form = opened(ada, LEVEL)
    assert ada.post(form.action, form.fields | {"reason": "Old."}).status_code == 303


def test_a_part_is_removed_once(acme: Api) -> None:
    ada = author(acme)
    form = opened(ada, LEVEL)
    assert ada.post(form.action, form.fields | {"reason": "Old."}).status_code == 303
    assert ada.post(form.action, form.fields | {"reason": "Old."}).status_code == 410
    assert len(content(acme).removals) == 2
