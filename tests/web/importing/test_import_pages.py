"""The pages to import a file into a draft: look at what would change, then merge or replace, exactly once."""

import re
from datetime import timedelta
from typing import Final

import pytest

from app.rubric.ladder import Ladder
from app.store.drafts import get_draft
from app.store.engine import reading
from app.store.work.waiting import KEPT, MOST
from tests.api.drafting import write_draft
from tests.api.editing import LADDER
from tests.api.serving import NOW, Api, Clock, serve
from tests.formats.sheets.xlsx import edited, rewritten
from tests.web.importing.visits import SHEET, form_in, upload, uploaded, visitor, words
from tests.web.signing import Browser

PAGE: Final = "/ladders/acme@draft"
IMPORT: Final = f"{PAGE}/import"


def drafted(api: Api) -> Ladder:
    with reading(api.application.serving.engine) as connection:
        return get_draft(connection, "acme", NOW).ladder


def workbook(browser: Browser, **cells: str) -> bytes:
    """Return the workbook of the draft after an edit of the first level."""
    data = browser.get(f"{PAGE}/workbook.xlsx").content
    return rewritten(data, lambda grids: edited(grids, "Levels", lambda rows: rows[0].update(cells)))


def said(text: str) -> str:
    """Return the words of a page without the id of the request and the name of the ladder."""
    return re.sub(r"Request [\w-]+|acme|never-was", "", words(text))


def test_an_edited_workbook_is_merged_after_a_look_at_what_changes(api: Api) -> None:
    ada = visitor(api, "Ada", "write")
    place = uploaded(ada, IMPORT, "acme.xlsx", workbook(ada, Title="Engineer II"))
    page = ada.get(place)
    shown = words(page.text)
    assert (page.status_code, page.headers["cache-control"]) == (200, "private, no-store")
    assert "The file makes 1 change. Nothing has changed yet." in shown
    assert "New or clearer Changed: level" in shown
    assert "Engineer II" in page.text
    assert drafted(api) == LADDER
    done = ada.post(place, form_in(page.text, place))
    assert (done.status_code, done.headers["location"]) == (303, PAGE)
    assert drafted(api).levels[0].title == "Engineer II"
    assert drafted(api).levels[1:] == LADDER.levels[1:]


def test_a_spreadsheet_is_merged_or_replaces_the_draft_as_the_page_says(api: Api) -> None:
    ada = visitor(api, "Ada", "write")
    place = uploaded(ada, IMPORT, "team.csv", SHEET)
    merged, replaced = words(ada.get(place).text), words(ada.get(f"{place}?mode=replace").text)
    assert "What the file lacks stays in the draft." in merged
    assert "The file lacks these. They stay in the draft. To remove them, choose Replace. Levels: " in merged
    assert "level:" not in merged
    assert "entries are removed." not in merged
    assert "What the file lacks is removed." in replaced
    assert "entries are removed." in replaced
    page = ada.get(f"{place}?mode=replace")
    assert ada.post(place, form_in(page.text, place)).status_code == 303
    assert [one.title for one in drafted(api).levels] == ["Junior", "Senior"]
    assert (drafted(api).slug, drafted(api).title) == ("acme", LADDER.title)


def test_confirming_twice_imports_once_and_leads_to_the_same_page(api: Api) -> None:
    ada = visitor(api, "Ada", "write")
    place = uploaded(ada, IMPORT, "team.csv", SHEET)
    form = form_in(ada.get(place).text, place)
    assert [ada.post(place, form).headers["location"] for _ in range(2)] == [PAGE, PAGE]
    entries = api.client.get("/v1/audit", headers=api.key("Root", "admin")).json()["items"]
    assert [one["action"] for one in entries].count("draft.write") == 1
    assert ada.get(place).status_code == 410


def test_any_server_of_the_database_goes_on_with_an_upload(database_url: str) -> None:
    with serve(database_url) as one, serve(database_url) as other:
        one.publish(LADDER, "1.0.0", NOW - timedelta(days=9))
        ada = visitor(one, "Ada", "write")
        other.refresh()
        elsewhere = Browser(other, ada.cookies)
        place = uploaded(ada, IMPORT, "acme.xlsx", workbook(ada, Title="Engineer II"))
        page = elsewhere.get(place)
        assert page.status_code == 200
        assert elsewhere.post(place, form_in(page.text, place)).headers["location"] == PAGE
        assert drafted(one).levels[0].title == "Engineer II"
        assert ada.get(place).status_code == 410


def test_an_upload_for_a_draft_that_somebody_changed_since_is_shown_again_first(api: Api) -> None:
    ada = visitor(api, "Ada", "write")
    place = uploaded(ada, IMPORT, "acme.xlsx", workbook(ada, Title="Engineer II"))
    form = form_in(ada.get(place).text, place)
    write_draft(api, LADDER.model_copy(update={"title": "Changed by Bob"}), by="Bob")
    for page in (ada.get(place), ada.post(place, form)):
        assert page.status_code == 409
        assert (
            "Somebody has changed this draft since you uploaded the file. Nothing was imported." in page.text
        )
    again = ada.post(place, {**form_in(page.text, place), "do": "again"})
    new = again.headers["location"]
    assert (again.status_code, ada.get(place).status_code) == (303, 410)
    ada.post(new, form_in(ada.get(new).text, new))
    assert (drafted(api).title, drafted(api).levels[0].title) == ("Changed by Bob", "Engineer II")


def test_a_workbook_of_an_unknown_version_counts_every_difference_and_says_so(seeded: Api) -> None:
    ada = visitor(seeded, "Ada", "write")
    theirs = LADDER.model_copy(update={"summary": "Elsewhere."})
    write_draft(seeded, theirs)
    data = workbook(ada)
    write_draft(seeded, LADDER.model_copy(update={"title": "Acme now"}))
    place = uploaded(ada, IMPORT, "acme.xlsx", data)
    page = ada.get(place)
    assert "every difference between the file and the draft counts as a change" in page.text
    ada.post(place, form_in(page.text, place))
    assert (drafted(seeded).summary, drafted(seeded).title) == ("Elsewhere.", LADDER.title)


def test_a_file_that_changes_nothing_can_only_be_cancelled(seeded: Api) -> None:
    ada = visitor(seeded, "Ada", "write")
    place = uploaded(ada, IMPORT, "acme.xlsx", ada.get(f"{PAGE}/workbook.xlsx").content)
    page = ada.get(place)
    assert "The file changes nothing in this draft." in page.text
    assert "Merge into the draft" not in page.text
    left = ada.post(place, {**form_in(page.text, place), "do": "cancel"})
    assert (left.headers["location"], ada.get(place).status_code) == (PAGE, 410)


@pytest.mark.parametrize(
    ("file", "data", "status", "error"),
    [
        ("", b"x", 422, "Choose a file."),
        ("a.pdf", b"%PDF", 400, "a.pdf: files of this kind cannot be imported."),
        (
            "other.json",
            LADDER.model_copy(update={"slug": "other"}).model_dump_json(exclude_none=True).encode(),
            409,
            "other.json: this file belongs to the ladder &#39;other&#39;, not to &#39;acme&#39;.",
        ),
    ],
)
def test_a_file_that_cannot_be_imported_is_refused_at_the_field(
    seeded: Api, file: str, data: bytes, status: int, error: str
) -> None:
    ada = visitor(seeded, "Ada", "write")
    token = form_in(ada.get(IMPORT).text, IMPORT)["token"]
    page = upload(ada, IMPORT, file, data, token)
    assert page.status_code == status
    assert f'<p class="error" id="file-error">{error}' in page.text
    assert drafted(seeded) == LADDER


def test_an_upload_belongs_to_one_person_one_ladder_and_one_hour(api: Api, clock: Clock) -> None:
    api.publish(LADDER.model_copy(update={"slug": "beta"}), "1.0.0", NOW - timedelta(days=8))
    ada, bob = visitor(api, "Ada", "write"), visitor(api, "Bob", "write")
    place = uploaded(ada, IMPORT, "team.csv", SHEET)
    other = place.replace("/acme@", "/beta@")
    assert [bob.get(place).status_code, ada.get(other).status_code] == [410, 410]
    form = form_in(bob.get(IMPORT).text, IMPORT)
    assert bob.post(place, form).status_code == 410
    assert bob.post(place, {**form, "do": "cancel"}).status_code == 410
    assert ada.get(place).status_code == 200
    clock.moment = NOW + KEPT
    assert ada.get(place).status_code == 410


def test_only_the_newest_uploads_of_a_person_wait(seeded: Api) -> None:
    ada = visitor(seeded, "Ada", "write")
    places = [uploaded(ada, IMPORT, "team.csv", SHEET) for _ in range(MOST + 1)]
    assert sorted(ada.get(place).status_code for place in places) == [200] * MOST + [410]


def test_only_people_who_may_write_the_draft_import(seeded: Api) -> None:
    ada = visitor(seeded, "Ada", "write")
    place = uploaded(ada, IMPORT, "team.csv", SHEET)
    token = form_in(ada.get(place).text, place)["token"]
    others = {
        401: [Browser(seeded)],
        403: [
            visitor(seeded, "Rob", "read"),
            visitor(seeded, "Rae", "review"),
            visitor(seeded, "Pat", "publish"),
            visitor(seeded, "Eve", "admin", ladders=("beta",)),
        ],
    }
    for status, browsers in others.items():
        for one in browsers:
            assert (one.get(IMPORT).status_code, one.get(place).status_code) == (status, status)
            assert one.post(place, {"token": token}).status_code == status
            assert upload(one, IMPORT, "team.csv", SHEET, token).status_code == status
    rob = others[403][0]
    never = rob.get("/ladders/never-was@draft/import")
    assert said(never.text) == said(rob.get(IMPORT).text)
    assert drafted(seeded) == LADDER


def test_a_form_from_elsewhere_or_with_a_wrong_token_imports_nothing(seeded: Api) -> None:
    ada = visitor(seeded, "Ada", "write")
    place = uploaded(ada, IMPORT, "team.csv", SHEET)
    form = form_in(ada.get(place).text, place)
    assert ada.post(place, form, sec_fetch_site="cross-site").status_code == 403
    assert ada.post(place, {**form, "token": "0" * 64}).status_code == 403
    token = form_in(ada.get(IMPORT).text, IMPORT)["token"]
    assert upload(ada, IMPORT, "a.csv", SHEET, token, sec_fetch_site="cross-site").status_code == 403
    assert upload(ada, IMPORT, "a.csv", SHEET, "0" * 64).status_code == 403
    assert drafted(seeded) == LADDER


def test_the_import_of_a_release_leads_to_the_draft(seeded: Api) -> None:
    ada = visitor(seeded, "Ada", "write")
    moved = ada.get("/ladders/acme@1.0.0/import")
    assert (moved.status_code, moved.headers["location"]) == (307, IMPORT)
    assert ada.get("/ladders/never-was@draft/import").status_code == 404
