"""Two people edit the same part: what only one changed is kept, and what both changed is asked about."""

from typing import Final

from app.rubric.index import Index
from app.rubric.ladder import Level
from tests.api.drafting import write_draft
from tests.api.serving import Api
from tests.rubric.drafts import draft
from tests.web.editing.authors import DRAFT, author, content, opened, saved
from tests.web.page_forms import form_in

LEVEL: Final = f"{DRAFT}/levels/l5/edit"


def level(api: Api) -> Level:
    return Index.of(content(api)).levels["l5"]


def test_changes_of_different_fields_are_both_kept(acme: Api) -> None:
    ada, bob = author(acme), author(acme, "Bob")
    form = opened(ada, LEVEL)
    saved(bob, LEVEL, {"summary": "By Bob.", "attributes.0.title": "Reach"})
    assert ada.post(form.action, form.fields | {"scope": "By Ada."}).status_code == 303
    now = level(acme)
    assert (now.summary, now.scope, len(now.attributes)) == ("By Bob.", "By Ada.", 1)


def test_both_texts_stand_side_by_side_to_choose_from(acme: Api) -> None:
    ada, bob = author(acme), author(acme, "Bob")
    mine = opened(ada, LEVEL).fields | {"summary": "By <Ada>.", "title": "Ada's", "code": "L5"}
    saved(bob, LEVEL, {"summary": "By Bob.", "title": "Bob's", "scope": "By Bob, too."})
    page = ada.post(LEVEL, mine)
    assert page.status_code == 412
    for words in ("By &lt;Ada&gt;.", "By Bob.", "Keep mine", "Take theirs", "Ada&#39;s", "Bob&#39;s"):
        assert words in page.text
    assert "By Bob, too." not in page.text
    assert level(acme).summary == "By Bob."
    form = form_in(page.text)
    assert form.choices == {"take.title": ["mine", "theirs"], "take.summary": ["mine", "theirs"]}
    answer = ada.post(form.action, form.fields | {"take.title": "theirs", "take.summary": "mine"})
    assert answer.status_code == 303
    now = level(acme)
    assert (now.title, now.summary, now.code, now.scope) == ("Bob's", "By <Ada>.", "L5", "By Bob, too.")


def test_a_third_person_between_question_and_answer_is_not_overwritten(acme: Api) -> None:
    ada, bob = author(acme), author(acme, "Bob")
    mine = opened(ada, LEVEL).fields | {"summary": "By Ada."}
    saved(bob, LEVEL, {"summary": "By Bob."})
    form = form_in(ada.post(LEVEL, mine).text)
    saved(bob, LEVEL, {"summary": "By Bob again."})
    page = ada.post(form.action, form.fields | {"take.summary": "mine"})
    assert (page.status_code, "By Bob again." in page.text) == (412, True)


def test_the_same_change_by_two_people_is_no_conflict(acme: Api) -> None:
    ada, bob = author(acme), author(acme, "Bob")
    mine = opened(ada, LEVEL).fields | {"summary": "Same."}
    saved(bob, LEVEL, {"summary": "Same."})
    assert ada.post(LEVEL, mine).status_code == 303


def test_rows_keep_what_has_no_field_when_both_change_them(acme: Api) -> None:
    line = {"text": "One.", "examples": [{"text": "Such."}]}
    write_draft(acme, draft({"/expectations/0/statements": [line, {"text": "Two."}]}))
    ada, bob, path = author(acme), author(acme, "Bob"), f"{DRAFT}/levels/l4/in/quality/edit"
    mine = opened(ada, path).fields | {"statements.0.text": "One, by Ada."}
    saved(bob, path, {"statements.1.text": "Two, by Bob."})
    page = ada.post(path, mine)
    assert page.status_code == 412
    assert "One, by Ada." in page.text
    form = form_in(page.text)
    assert ada.post(form.action, form.fields | {"take.statements": "mine"}).status_code == 303
    first, second = content(acme).expectations[0].statements
    assert (first.text, first.examples[0].text, second.text) == ("One, by Ada.", "Such.", "Two.")


def test_a_part_that_was_removed_meanwhile_can_be_saved_again_or_left(acme: Api) -> None:
    ada, bob, path = author(acme), author(acme, "Bob"), f"{DRAFT}/levels/l4/in/quality/edit"
    mine = opened(ada, path).fields | {"summary": "Still."}
    saved(bob, path, {"applicability": "none"})
    page = ada.post(path, mine)
    assert page.status_code == 412
    assert "Someone else has removed this" in page.text
    form = form_in(page.text)
    assert ada.post(form.action, form.fields).status_code == 303
    written = Index.of(content(acme)).cells["l4", "quality", None]
    assert (written.step, written.summary) == ("novice", "Still.")


def test_levels_in_one_form_ask_only_about_the_cell_that_both_changed(acme: Api) -> None:
    ada, bob, path = author(acme), author(acme, "Bob"), f"{DRAFT}/competencies/quality/edit?track=ic"
    mine = opened(ada, path, "edit levels")
    saved(bob, path, {"l4~summary": "By Bob.", "l4~step": "expert"}, "edit levels")
    page = ada.post(mine.action, mine.fields | {"l4~summary": "By Ada.", "l5~summary": "Mine alone."})
    assert page.status_code == 412
    form = form_in(page.text)
    assert [*form.choices] == ["take.l4~summary"]
    assert ada.post(form.action, form.fields | {"take.l4~summary": "theirs"}).status_code == 303
    cells = Index.of(content(acme)).cells
    assert (cells["l4", "quality", None].summary, cells["l4", "quality", None].step) == ("By Bob.", "expert")
    assert cells["l5", "quality", None].summary == "Mine alone."
