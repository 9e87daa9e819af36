"""The pages to begin a ladder: empty, as a copy, from a file; each form creates one ladder only."""

from typing import Final

import pytest

from app.formats.sheets.csv_writer import write_csv
from app.formats.sheets.ladder_template import template_csv, template_xlsx
from app.rubric.editing import copy_as
from app.rubric.ladder import Ladder
from app.store.drafts import get_draft
from app.store.engine import reading
from app.store.work.waiting import KEPT
from tests.api.editing import LADDER
from tests.api.serving import NOW, Api, Clock
from tests.serving.hiding import hide
from tests.web.importing.visits import SHEET, form_in, upload, uploaded, visitor, words
from tests.web.signing import Browser

NAMES: Final = {"title": "People team", "organisation": "Acme", "language": "de"}


def drafted(api: Api, slug: str) -> Ladder:
    with reading(api.application.serving.engine) as connection:
        return get_draft(connection, slug, NOW).ladder


def test_an_author_begins_an_empty_ladder_with_a_title(api: Api) -> None:
    ada = visitor(api, "Ada", "write")
    page = ada.get("/new")
    assert (page.status_code, page.headers["cache-control"]) == (200, "private, no-store")
    made = ada.post("/new", {**form_in(page.text, "/new"), **NAMES})
    assert (made.status_code, made.headers["location"]) == (303, "/ladders/people-team@draft/edit")
    ladder = drafted(api, "people-team")
    assert (ladder.title, ladder.organisation, ladder.language, ladder.levels) == (
        "People team",
        "Acme",
        "de",
        (),
    )
    assert ada.get("/ladders/people-team@draft").status_code == 200
    assert Browser(api).get("/ladders/people-team").status_code == 404


def test_the_same_form_sent_twice_creates_one_ladder_and_a_new_form_another(api: Api) -> None:
    ada = visitor(api, "Ada", "write")
    form = {**form_in(ada.get("/new").text, "/new"), **NAMES}
    first, second = (ada.post("/new", form).headers["location"] for _ in range(2))
    assert first == second == "/ladders/people-team@draft/edit"
    another = ada.post("/new", {**form_in(ada.get("/new").text, "/new"), **NAMES})
    assert another.headers["location"] == "/ladders/people-team-2@draft/edit"
    assert drafted(api, "people-team-2").slug == "people-team-2"


@pytest.mark.parametrize(
    ("fields", "words_shown"),
    [
        ({"title": " "}, "Write a title."),
        ({"title": "x" * 201}, "Use at most 200 characters."),
        ({"language": "tlh"}, "Choose one of the languages."),
        ({"slug": "No!"}, "Use lower-case letters, digits and single hyphens"),
        ({"slug": "acme"}, "Another ladder has or had this name."),
    ],
)
def test_a_wrong_field_is_shown_with_what_was_typed(
    seeded: Api, fields: dict[str, str], words_shown: str
) -> None:
    ada = visitor(seeded, "Ada", "write")
    page = ada.post("/new", {**form_in(ada.get("/new").text, "/new"), **NAMES, **fields})
    assert page.status_code == 422
    (name,) = fields
    assert f'<p class="error" id="{name}-error">{words_shown}' in page.text
    assert f'<a href="#{name}">{words_shown}' in page.text
    assert form_in(page.text, "/new")["organisation"] == "Acme"


def test_only_people_who_may_write_begin_ladders(seeded: Api) -> None:
    paths = ("/new", "/new/copy", "/new/file", f"/new/file/{'x' * 43}", "/new/template.xlsx")
    nobody, reader = Browser(seeded), visitor(seeded, "Rob", "read")
    for path in paths:
        assert (nobody.get(path).status_code, reader.get(path).status_code) == (401, 403), path
        assert "<h1>Sign in</h1>" in nobody.get(path).text
    assert "You can read. To edit, ask an administrator." in reader.get("/new").text
    for path in paths[:4]:
        for one, status in ((nobody, 401), (reader, 403)):
            assert one.post(path, {"token": "0" * 64, **NAMES}).status_code == status, path


def test_people_with_rights_for_single_ladders_choose_among_names_that_are_free(seeded: Api) -> None:
    ada = visitor(seeded, "Ada", "write", ladders=("acme", "beta"))
    page = ada.get("/new")
    form = form_in(page.text, "/new")
    assert form["slug"] == "beta"
    assert "<option>acme" not in page.text
    assert ada.post("/new", {**form, **NAMES, "slug": "gamma"}).status_code == 403
    made = ada.post("/new", {**form, **NAMES})
    assert made.headers["location"] == "/ladders/beta@draft/edit"
    assert "You can edit existing ladders. To begin another one, ask an administrator." in words(
        ada.get("/new").text
    )


def test_a_form_from_elsewhere_or_with_a_wrong_token_creates_nothing(seeded: Api) -> None:
    ada = visitor(seeded, "Ada", "write")
    form = {**form_in(ada.get("/new").text, "/new"), **NAMES, "slug": "forged"}
    assert ada.post("/new", form, sec_fetch_site="cross-site").status_code == 403
    assert ada.post("/new", {**form, "token": "0" * 64}).status_code == 403
    path = "/new/file"
    token = form_in(ada.get(path).text, path)["token"]
    assert upload(ada, path, "a.csv", SHEET, token, sec_fetch_site="cross-site").status_code == 403
    assert upload(ada, path, "a.csv", SHEET, "0" * 64).status_code == 403
    assert ada.get("/ladders/forged@draft").status_code == 404


def test_a_copy_has_the_content_without_the_history(api: Api) -> None:
    ada = visitor(api, "Ada", "write")
    assert 'href="/new/copy?of=acme"' in ada.get("/new/copy?q=ACME").text
    assert "No ladder has this title." in ada.get("/new/copy?q=zzz").text
    form = form_in(ada.get("/new/copy?of=acme").text, "/new/copy")
    assert form["title"] == LADDER.title
    made = ada.post("/new/copy", {**form, "title": "Acme sales"})
    assert made.headers["location"] == "/ladders/acme-sales@draft"
    assert drafted(api, "acme-sales") == copy_as(LADDER, "acme-sales", "Acme sales", LADDER.organisation)


def test_a_hidden_ladder_cannot_be_copied_and_looks_as_if_it_never_was(api: Api) -> None:
    hide(api.application.serving.engine, "acme")
    api.refresh()
    ada = visitor(api, "Ada", "write", ladders=("beta",))
    assert "acme" not in words(ada.get("/new/copy").text).lower()
    hidden, never = ada.get("/new/copy?of=acme"), ada.get("/new/copy?of=zzzz")
    assert hidden.status_code == never.status_code == 404
    assert ada.get("/new/copy?of=acme@draft").status_code == 403


def test_a_spreadsheet_becomes_a_ladder_after_a_look_at_what_was_understood(api: Api) -> None:
    ada = visitor(api, "Ada", "write")
    place = uploaded(ada, "/new/file", "people team.csv", SHEET)
    page = ada.get(place)
    said = words(page.text)
    assert page.status_code == 200
    assert "The file has 1 track, 2 levels, 2 competencies, 4 expectations." in said
    assert "A table with a column for each level" in said
    assert "These cells are about people, not about levels. They are left out. Row 1-2, column E" in said
    assert "Anna" not in page.text
    made = ada.post(place, {**form_in(page.text, ""), "title": "People"})
    assert (made.status_code, made.headers["location"]) == (303, "/ladders/people@draft")
    ladder = drafted(api, "people")
    assert [one.title for one in ladder.levels] == ["Junior", "Senior"]
    assert [one.category for one in ladder.competencies] == ["Craft", "Team"]
    assert ada.get(place).status_code == 410


def test_the_only_track_of_a_file_is_called_as_the_ladder(api: Api) -> None:
    ada = visitor(api, "Ada", "write")
    place = uploaded(ada, "/new/file", "team.csv", SHEET)
    ada.post(place, {**form_in(ada.get(place).text, ""), "title": "People"})
    assert [one.title for one in drafted(api, "people").tracks] == ["People"]


def test_the_pages_of_a_large_file_stay_small(seeded: Api) -> None:
    ada = visitor(seeded, "Ada", "write")
    rows = [
        [f"Competency {row}", *(f"• Does {row} at {level} well. " * 5 for level in range(60))]
        for row in range(60)
    ]
    data = write_csv(["Competency", *(f"L{level}" for level in range(60))], rows)
    assert len(ada.get(uploaded(ada, "/new/file", "large.csv", data)).content) < 100_000
    place = uploaded(ada, "/ladders/acme@draft/import", "large.csv", data)
    page = ada.get(place)
    assert (page.status_code, len(page.content) < 100_000) == (200, True)
    assert "more changes are not listed here." in page.text


def test_confirming_twice_creates_one_ladder(api: Api) -> None:
    ada = visitor(api, "Ada", "write")
    place = uploaded(ada, "/new/file", "team.csv", SHEET)
    form = form_in(ada.get(place).text, "")
    assert {ada.post(place, form).headers["location"] for _ in range(2)} == {"/ladders/team@draft"}


def test_a_file_of_a_ladder_keeps_its_name_and_history_if_the_name_is_free(api: Api) -> None:
    ada = visitor(api, "Ada", "write")
    data = LADDER.model_copy(update={"slug": "moved", "formerly": ("older",)}).model_dump_json().encode()
    places = [uploaded(ada, "/new/file", "ladder.json", data) for _ in range(2)]
    made = [ada.post(place, form_in(ada.get(place).text, "")).headers["location"] for place in places]
    assert made == ["/ladders/moved@draft", "/ladders/moved-2@draft"]
    assert (drafted(api, "moved").formerly, drafted(api, "moved-2").formerly) == (("older",), ())


@pytest.mark.parametrize(
    ("file", "data", "status", "said"),
    [
        ("", b"x", 422, "Choose a file."),
        ("a.csv", b"", 400, "This file is empty."),
        ("a.pdf", b"%PDF", 400, "a.pdf: files of this kind cannot be imported."),
        ("a.xlsx", b"PK\3\4", 400, "a.xlsx: this is not a workbook that can be read"),
        ("a.yaml", b"slug: [", 400, "a.yaml:1:"),
        ("a.json", b'{"slug": "a"}', 422, "a.json:1:1: "),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_the_field(
    seeded: Api, file: str, data: bytes, status: int, said: str
) -> None:
    ada = visitor(seeded, "Ada", "write")
    token = form_in(ada.get("/new/file").text, "/new/file")["token"]
    page = upload(ada, "/new/file", file, data, token)
    assert page.status_code == status
    assert f'<p class="error" id="file-error">{said}' in page.text


def test_one_of_our_tables_is_sent_to_the_ladder_that_it_belongs_to(api: Api) -> None:
    ada = visitor(api, "Ada", "write")
    table = api.client.get("/v1/ladders/acme@1.0.0/levels.csv").content
    token = form_in(ada.get("/new/file").text, "/new/file")["token"]
    page = upload(ada, "/new/file", "levels.csv", table, token)
    assert page.status_code == 422
    assert "This table is one part of a ladder. Open that ladder, and import the table there." in page.text


def test_a_body_over_the_limit_is_refused_before_it_is_read(seeded: Api) -> None:
    ada = visitor(seeded, "Ada", "write")
    page = ada.post_body(
        "/new/file", b"x", "multipart/form-data; boundary=x", content_length=str(21 * 1024 * 1024)
    )
    assert page.status_code == 413


def test_an_upload_is_over_after_an_hour_and_for_everybody_else(api: Api, clock: Clock) -> None:
    ada, bob = visitor(api, "Ada", "write"), visitor(api, "Bob", "write")
    place = uploaded(ada, "/new/file", "team.csv", SHEET)
    assert bob.get(place).status_code == 410
    assert "Only the person who uploaded a file can go on with it." in words(bob.get(place).text)
    assert bob.post(place, form_in(bob.get("/new").text, "/new") | NAMES).status_code == 403
    clock.moment = NOW + KEPT
    assert ada.get(place).status_code == 410


def test_an_upload_that_its_person_cancels_is_gone(api: Api) -> None:
    ada = visitor(api, "Ada", "write")
    place = uploaded(ada, "/new/file", "team.csv", SHEET)
    form = form_in(ada.get(place).text, "")
    eve = visitor(api, "Eve", "write")
    token = form_in(eve.get("/new/file").text, "/new/file")["token"]
    assert eve.post(place, {"token": token, "do": "cancel"}).status_code == 303
    assert ada.get(place).status_code == 200
    left = ada.post(place, {**form, "do": "cancel"})
    assert (left.status_code, left.headers["location"]) == (303, "/new")
    assert ada.get(place).status_code == 410


def test_the_templates_are_understood_without_a_question(seeded: Api) -> None:
    ada = visitor(seeded, "Ada", "write")
    for path, data in (("/new/template.xlsx", template_xlsx()), ("/new/template.csv", template_csv())):
        file = ada.get(path)
        assert (file.status_code, file.content) == (200, data)
        name = path.rpartition("/")[2]
        assert file.headers["content-disposition"] == f'attachment; filename="ladder-{name}"'
        said = words(ada.get(uploaded(ada, "/new/file", name, file.content)).text)
        assert "3 levels, 4 competencies, 11 expectations" in said
        assert "Please check" not in said
