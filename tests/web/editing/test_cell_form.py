"""The page that edits what a level expects in a competency or facet."""

from typing import Final

import pytest

from app.rubric.index import Index
from app.rubric.ladder import Expectation, Ladder
from tests.api.serving import NOW, Api
from tests.rubric.drafts import draft
from tests.web.editing.authors import DRAFT, author, content, opened, saved
from tests.web.page_forms import forms_in

CELL: Final = f"{DRAFT}/levels/l4/in/quality/edit"
FACET: Final = f"{DRAFT}/levels/l5/in/quality--testing/edit"


def cell(ladder: Ladder, level: str, competency: str, facet: str | None = None) -> Expectation | None:
    return Index.of(ladder).cells.get((level, competency, facet))


def test_a_cell_is_edited_and_the_page_says_what_it_means_for_people(acme: Api) -> None:
    page = saved(
        author(acme),
        CELL,
        {
            "step": "expert",
            "summary": "Tests it all.",
            "statements.0.text": "Writes tests.",
            "statements.1.text": "Helps others.\r\nTwice.",
            "statements.1.kind": "growth",
            "examples.0.text": "A test.",
        },
    )
    assert "<b>Saved in the draft.</b>" in page
    assert '<li><b>Expects more:</b> <span dir="auto">Engineer</span>.' in page
    assert "People who met a level before may now need to do more." in page
    written = cell(content(acme), "l4", "quality")
    assert written is not None
    assert written.model_dump(exclude_defaults=True) == {
        "level": "l4",
        "competency": "quality",
        "step": "expert",
        "summary": "Tests it all.",
        "statements": ({"text": "Writes tests."}, {"text": "Helps others.\nTwice.", "kind": "growth"}),
        "examples": ({"text": "A test."},),
    }


def test_the_form_offers_steps_with_their_text_and_shows_the_levels_around(acme: Api) -> None:
    page = author(acme).get(CELL).text
    (form,) = (form for form in forms_in(page) if form.name == "edit")
    assert form.choices["step"] == ["", "novice", "expert"]
    assert form.choices["applicability"] == ["required", "optional", "not-in-use", "none"]
    assert form.fields["step"] == "novice"
    assert "<h2>Level above: " in page
    assert "<h2>Level below: " not in page
    assert "<bdi>Expert</bdi>" in page.partition("Level above: ")[2]


def test_a_new_cell_is_written_for_a_facet_and_removed_again(acme: Api) -> None:
    ada = author(acme)
    saved(ada, FACET, {"applicability": "optional", "summary": "Sometimes."})
    assert cell(content(acme), "l5", "quality", "testing") == Expectation(
        level="l5", competency="quality", facet="testing", applicability="optional", summary="Sometimes."
    )
    page = saved(ada, FACET, {"applicability": "none"})
    assert 'name="applicability" value="none" checked' in page
    assert content(acme) == draft()


def test_a_cell_in_which_nothing_is_written_stays_so_until_a_text_is(acme: Api) -> None:
    ada = author(acme)
    saved(ada, FACET, {"then": "next"})
    assert content(acme) == draft()
    saved(ada, FACET, {"summary": "Tests."})
    assert cell(content(acme), "l5", "quality", "testing") == Expectation(
        level="l5", competency="quality", facet="testing", summary="Tests."
    )


def test_text_without_a_place_is_refused_instead_of_dropped(acme: Api) -> None:
    ada = author(acme)
    form = opened(ada, CELL)
    page = ada.post(form.action, form.fields | {"applicability": "none", "summary": "New text."})
    assert page.status_code == 422
    assert '<a href="#applicability">You changed the text below.' in page.text
    assert "New text.</textarea>" in page.text
    assert content(acme) == draft()


def test_save_and_next_leads_through_the_cells_of_the_level(acme: Api) -> None:
    ada, seen, path = author(acme), [], CELL
    while "/in/" in path:
        form = opened(ada, path)
        path = ada.post(form.action, form.fields | {"then": "next", "summary": "Here."}).headers["location"]
        seen.append(path.removeprefix(DRAFT))
    assert seen == [
        "/levels/l4/in/quality--testing/edit",
        "/levels/l4/in/delivery/edit",
        "/levels/l4/in/delivery--pace/edit",
        "/levels/l4/edit?saved",
    ]
    assert len(content(acme).expectations) == 5


def test_a_level_lists_its_cells_with_their_state(acme: Api) -> None:
    ada = author(acme)
    saved(ada, CELL, {"applicability": "not-in-use", "step": ""})
    page = ada.get(f"{DRAFT}/levels/l4/edit").text
    listed = page.partition('<h2 id="cells">')[2]
    assert f'<a href="{CELL}" lang="en" dir="auto">Quality</a>' in listed
    assert '<span class="tag">changed</span>' in listed
    assert '<span class="quiet">Not in use</span>' in listed
    assert listed.count("Nothing written") == 3
    assert "That is what all changes in the draft mean for people at this level." in page


FORKED: Final = draft(
    {
        "/tracks/0/slug": "ic",
        "/tracks/-": {"slug": "lead", "title": "Lead", "extends": "ic"},
        "/levels/0/rank": 4,
        "/levels/1/rank": 5,
        "/levels/-": {"slug": "m5", "track": "lead", "rank": 5, "title": "Lead engineer"},
    }
)


def test_an_inherited_cell_says_so_and_can_be_replaced_or_added_to(empty_api: Api) -> None:
    empty_api.publish(FORKED, "1.0.0", NOW)
    ada, path = author(empty_api), f"{DRAFT}/levels/m5/in/quality/edit"
    page = ada.get(path).text
    assert "<h2>Applies here now</h2>" in page
    form = opened(ada, path)
    assert form.fields["applicability"] == "none"
    assert form.choices["extending"] == ["", "replaces", "adds"]
    page = saved(ada, path, {"applicability": "required", "extending": "adds", "summary": "And leads."})
    written = cell(content(empty_api), "m5", "quality")
    assert written is not None
    assert (written.extending, written.summary) == ("adds", "And leads.")
    # A change of the other track's cell concerns this level too.
    page = saved(ada, f"{DRAFT}/levels/l5/in/quality/edit", {"summary": "Asks more."})
    assert '<span dir="auto">Senior engineer and Lead engineer</span>' in page


@pytest.mark.parametrize("sent", [{"step": "guru"}, {"applicability": "maybe"}, {"statements.0.kind": "X"}])
def test_a_choice_that_is_not_offered_is_refused(acme: Api, sent: dict[str, str]) -> None:
    ada = author(acme)
    form = opened(ada, CELL)
    page = ada.post(form.action, form.fields | {"statements.0.text": "T"} | sent)
    assert (page.status_code, "choose one of the options." in page.text) == (422, True)
    assert content(acme) == draft()


def test_one_competency_is_edited_over_all_levels_at_once(acme: Api) -> None:
    ada, path = author(acme), f"{DRAFT}/competencies/quality/edit?track=ic"
    page = saved(
        ada,
        path,
        {"l4~summary": "Careful.", "l5~applicability": "none", "l5~statements": ""},
        "edit levels",
    )
    assert "Saved in the draft." in page
    ladder = content(acme)
    assert cell(ladder, "l4", "quality") == Expectation(
        level="l4", competency="quality", step="novice", summary="Careful."
    )
    assert cell(ladder, "l5", "quality") is None
    saved(ada, f"{path}&facet=testing", {"l5~statements": "One.\r\nTwo."}, "edit levels")
    facet = cell(content(acme), "l5", "quality", "testing")
    assert facet is not None
    assert (facet.applicability, [line.text for line in facet.statements]) == ("required", ["One.", "Two."])


def test_errors_over_all_levels_stand_at_their_field(acme: Api) -> None:
    ada, path = author(acme), f"{DRAFT}/competencies/quality/edit?track=ic"
    form = opened(ada, path, "edit levels")
    page = ada.post(form.action, form.fields | {"l4~step": "guru", "l5~summary": "Typed."})
    assert page.status_code == 422
    assert '<a href="#l4~step">Engineer: step: choose one of the options.</a>' in page.text
    assert "Typed.</textarea>" in page.text
    page = ada.post(form.action, form.fields | {"l4~applicability": "none", "l4~summary": "Typed."})
    assert '<a href="#l4~applicability">You changed the text below.' in page.text
    assert content(acme) == draft()


@pytest.mark.parametrize("number", ["²", "9" * 5_000, "-1", ""])
@pytest.mark.parametrize("sent", ["do", "rows"])
def test_a_number_of_rows_that_is_none_leaves_the_form_as_typed(acme: Api, number: str, sent: str) -> None:
    ada = author(acme)
    form = opened(ada, CELL)
    given = {"do": f"up:statements.{number}"} if sent == "do" else {"do": "more:x", "statements.rows": number}
    page = ada.post(form.action, form.fields | {"summary": "Typed."} | given)
    assert page.status_code == 200
    assert "Typed.</textarea>" in page.text


def test_a_form_with_too_many_fields_says_how_many_it_can_hold(acme: Api) -> None:
    ada = author(acme)
    form = opened(ada, CELL)
    page = ada.post(form.action, {f"statements.{number}.text": "" for number in range(5_001)})
    assert page.status_code == 400
    assert "This form can hold at most 5,000 fields." in page.text
