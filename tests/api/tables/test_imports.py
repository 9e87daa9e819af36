"""Imports over HTTP: a file becomes edits of the draft, or a preview of them."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

from app.formats.file_import.worker import read_apart
from app.rubric.canonical import canonical, content_sha256
from app.store.audit import AuditFilter, find_entries
from app.store.engine import reading
from tests.api.editing import DRAFT, LADDER, RELEASED, DraftWriter, writing_to
from tests.api.serving import Json, problem
from tests.databases import Databases
from tests.formats.sheets.xlsx import edited, rewritten

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IMPORT: Final = f"{DRAFT}/import"


@pytest.fixture
def writer(databases: Databases) -> Iterator[DraftWriter]:
    """Somebody who may write the draft of a small ladder, on each engine."""
    with writing_to(databases) as found:
        yield found


def send(
    writer: DraftWriter, file: str, data: bytes, query: str = "", mapping: str | None = None, **headers: str
) -> Any:  # noqa: ANN401 - the client's answer
    """Import a file; headers with `_` for `-`. Without `if_match`, the present tag is sent."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    given.setdefault("if-match", writer.tag("/document"))
    form: dict[str, Any] = {"file": (file, data)}
    if mapping is not None:
        form["map"] = (None, mapping)
    return writer.api.client.post(IMPORT + query, files=form, headers=writer.key | given)


def levels(writer: DraftWriter, release: str = "@1.0.0") -> list[dict[str, str]]:
    text = writer.api.client.get(f"{RELEASED}{release}/levels.csv", headers=writer.key).text
    return list(csv.DictReader(io.StringIO(text, newline="")))


def as_csv(rows: list[dict[str, str]]) -> bytes:
    written = io.StringIO(newline="")
    table = csv.DictWriter(written, list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    return written.getvalue().encode()


def workbook(writer: DraftWriter, **cells: str) -> bytes:
    """Return the workbook of the release after an edit of the first level."""
    data = writer.api.client.get(f"{RELEASED}@1.0.0/workbook.xlsx").content
    return rewritten(data, lambda grids: edited(grids, "Levels", lambda rows: rows[0].update(cells)))


def codes(body: Json) -> list[str]:
    return [one["code"] for one in body["findings"]]


def test_an_edited_workbook_becomes_the_edits_made_in_it(writer: DraftWriter) -> None:
    data = workbook(writer, Title="Engineer II")
    answer = send(writer, "acme.xlsx", data)
    body = answer.json()
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"] == writer.tag("/document")
    assert answer.headers["cache-control"] == "no-store"
    changes = body.pop("diff")
    assert (changes["counts"]["total_count"], [one["target"] for one in changes["items"]]) == (
        1,
        ["level:l4"],
    )
    assert changes["items"][0]["fields"][0]["after"] == "Engineer II"
    assert {one.pop("sheet"): one for one in body.pop("understood")}["Levels"] == {
        "layout": "workbook",
        "counts": {"rows": 2},
    }
    assert body == {
        "ladder": "acme",
        "release": "draft",
        "dry_run": False,
        "content_sha256": content_sha256(canonical(writer.ladder())),
        "findings": [],
        "links": {
            "draft": DRAFT,
            "document": f"{DRAFT}/document",
            "findings": f"{DRAFT}/findings",
            "diff": f"{RELEASED}/diff?to=draft",
        },
    }
    assert writer.ladder().levels[0].title == "Engineer II"


def test_a_dry_run_returns_the_same_and_writes_nothing(writer: DraftWriter) -> None:
    data = workbook(writer, Title="Engineer II")
    there = send(writer, "acme.xlsx", data, "?dry_run=true").json()
    assert writer.ladder() == LADDER
    here = send(writer, "acme.xlsx", data).json()
    assert there.pop("dry_run") is True
    assert here.pop("dry_run") is False
    assert there == here


def test_a_draft_that_changed_since_the_export_keeps_its_edits(writer: DraftWriter) -> None:
    writer.patch("/levels/l4", {"code": "IC4", "title": "Draft title"}, if_match=writer.tag("/levels/l4"))
    answer = send(writer, "acme.xlsx", workbook(writer, Title="File title", Scope="A team"))
    assert codes(answer.json()) == ["conflict"]
    level = writer.ladder().levels[0]
    assert (level.code, level.title, level.scope) == ("IC4", "Draft title", "A team")


@pytest.mark.parametrize("file", ["acme.yaml", "acme.json"])
def test_a_whole_ladder_is_merged_entity_by_entity_and_keeps_what_it_lacks(
    writer: DraftWriter, file: str
) -> None:
    first, *others = LADDER.levels
    theirs = LADDER.model_copy(update={"levels": (first.model_copy(update={"title": "Engineer II"}),)})
    data = theirs.model_dump_json(exclude_none=True).encode()  # JSON is YAML too
    body = send(writer, file, data).json()
    assert body["understood"][0] == {
        "sheet": file,
        "layout": "ladder",
        "counts": {"levels": 1, "competencies": 2},
    }
    assert codes(body) == ["row-missing"]
    assert [one.title for one in writer.ladder().levels] == ["Engineer II", *(one.title for one in others)]


def test_a_whole_ladder_as_the_api_returns_it_replaces_the_draft(writer: DraftWriter) -> None:
    document = writer.api.client.get(f"{DRAFT}/document", headers=writer.key).json()
    document["title"] = "Acme again"
    document["faqs"] = []
    send(writer, "acme.json", json.dumps(document).encode(), "?mode=replace")
    assert writer.ladder() == LADDER.model_copy(update={"title": "Acme again", "faqs": ()})


def test_a_whole_ladder_with_another_slug_belongs_elsewhere(writer: DraftWriter) -> None:
    data = LADDER.model_copy(update={"slug": "other"}).model_dump_json(exclude_none=True).encode()
    answer = send(writer, "acme.json", data, "?mode=replace")
    assert problem(answer)[0] == 409
    assert "this file belongs to the ladder 'other', not to 'acme'" in answer.json()["detail"]


def test_an_edited_table_becomes_edits_too(writer: DraftWriter) -> None:
    rows = levels(writer)
    rows[0]["title"] = "Something new."
    answer = send(writer, "levels.csv", as_csv(rows))
    assert (answer.status_code, answer.json()["diff"]["counts"]["total_count"]) == (200, 1)
    assert levels(writer, "@draft")[0]["title"] == "Something new."


def test_a_table_in_json_is_read_as_in_csv(writer: DraftWriter) -> None:
    data = writer.api.client.get(f"{RELEASED}@1.0.0/levels.json").content.replace(
        b'"title":"', b'"title":"A '
    )
    body = send(writer, "levels.json", data, "?dry_run=true").json()
    assert {one["target"] for one in body["diff"]["items"]} == {"level:l4", "level:l5"}


def test_a_table_of_a_changed_draft_needs_a_base(writer: DraftWriter) -> None:
    rows = levels(writer, "@draft")
    rows[0]["title"] = "Something new."
    data = as_csv(rows)
    found = problem(send(writer, "levels.csv", data))
    assert found[:2] == (409, "conflict")
    assert "was made from a draft, which is not known here" in found[2]
    assert codes(send(writer, "levels.csv", data, "?dry_run=true").json()) == ["unknown-base"]
    assert send(writer, "levels.csv", data, "?base=draft").status_code == 200
    assert levels(writer, "@draft")[0]["title"] == "Something new."


def test_missing_rows_stay_and_replace_removes_them(writer: DraftWriter) -> None:
    data = as_csv(levels(writer)[1:])
    kept = send(writer, "levels.csv", data).json()
    assert (codes(kept), kept["diff"]["counts"]["total_count"]) == (["row-missing"], 0)
    gone = send(writer, "levels.csv", data, "?mode=replace").json()
    assert codes(gone) == ["rule"]
    assert gone["findings"][0]["message"].endswith("[unknown-entity]")
    assert [level.slug for level in writer.ladder().levels] == ["l5"]
    assert {one.level for one in writer.ladder().expectations} <= {"l5"}


def test_an_import_needs_the_tag_of_the_draft(writer: DraftWriter) -> None:
    data = as_csv(levels(writer))
    assert problem(send(writer, "a.csv", data, if_match='"other"'))[:2] == (412, "precondition-failed")
    without = writer.api.client.post(IMPORT, files={"file": ("a.csv", data)}, headers=writer.key)
    assert problem(without)[:2] == (428, "precondition-required")


def test_an_import_needs_the_right_to_write(writer: DraftWriter) -> None:
    data = {"file": ("a.csv", b"a")}
    reader = writer.api.key("ben", "review")
    assert problem(writer.api.client.post(IMPORT, files=data))[:2] == (401, "unauthenticated")
    assert problem(writer.api.client.post(IMPORT, files=data, headers=reader))[:2] == (403, "forbidden")
    released = writer.api.client.post(f"{RELEASED}/import", files=data, headers=writer.key)
    assert problem(released)[:2] == (405, "method-not-allowed")


def test_a_repeated_import_runs_once(writer: DraftWriter) -> None:
    data, tag = workbook(writer, Title="Engineer II"), writer.tag("/document")
    first = send(writer, "a.xlsx", data, if_match=tag, idempotency_key="one")
    again = send(writer, "a.xlsx", data, if_match=tag, idempotency_key="one")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    other = send(writer, "a.xlsx", data + b"\0", if_match=tag, idempotency_key="one")
    assert problem(other)[:2] == (422, "invalid")


def test_an_import_is_in_the_audit_log(writer: DraftWriter) -> None:
    send(writer, "a.xlsx", workbook(writer, Title="Engineer II"))
    with reading(writer.api.application.serving.engine) as connection:
        entries = find_entries(connection, AuditFilter(ladder="acme"), 1)
    assert [(one.action.name, one.action.ladder, one.actor.who) for one in entries] == [
        ("draft.write", "acme", "ann")
    ]


@pytest.mark.parametrize(
    ("files", "status", "words"),
    [
        ({"other": ("a.csv", b"a")}, 422, "The form has no field 'other'. Known: file, map."),
        ({"map": (None, "x")}, 422, "The form lacks the file."),
        ({"file": ("a.pdf", b"%PDF")}, 400, "a.pdf: files of this kind cannot be imported."),
        ({"file": ("a.xlsx", b"PK\3\4")}, 400, "a.xlsx: this is not a workbook that can be read"),
        ({"file": ("../b/a.json", b"{}")}, 422, "a.json:1:1: "),
        ({"file": ("a.json", b"[1]")}, 400, "a.json: this is neither a ladder nor one of our tables."),
        ({"file": ("a.yaml", b"slug: [")}, 400, "a.yaml:1:"),
        ({"file": ("a.yml", b"slug: a\nfoo: 1")}, 422, "a.yml:"),
        ({"file": ("a.csv", b"a"), "map": (None, "sheets: 1")}, 400, "map.yaml: sheets"),
        ({"file": ("a.csv", b"a"), "map": (None, b"\xff")}, 400, "The field `map` is not UTF-8."),
    ],
)
def test_a_bad_form_or_file_is_refused_with_a_fix(
    writer: DraftWriter, files: Json, status: int, words: str
) -> None:
    answer = writer.api.client.post(
        IMPORT, files=files, headers=writer.key | {"if-match": writer.tag("/document")}
    )
    assert answer.status_code == status
    assert answer.json()["detail"].startswith(words)
    assert writer.ladder() == LADDER


@pytest.mark.parametrize(
    ("media_type", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("multipart/form-data", b"--x--", 415),
        ("multipart/form-data; boundary=x", b"--x\r\n", 400),
        ("multipart/form-data; boundary=x", b"hello", 400),
    ],
)
def test_a_body_that_is_no_form_is_refused(
    writer: DraftWriter, media_type: str, body: bytes, status: int
) -> None:
    headers = writer.key | {"if-match": "*", "content-type": media_type}
    assert writer.api.client.post(IMPORT, content=body, headers=headers).status_code == status


def test_a_sheet_of_another_layout_is_understood(writer: DraftWriter) -> None:
    data = "Competency,Engineer,Senior engineer\nCare,Asks for help.,Helps others.\n".encode("utf-16")
    answer = send(writer, "matrix.csv", data, "?dry_run=true")
    body = answer.json()
    assert answer.status_code == 200, answer.text
    assert body["mapping"] is not None


def test_a_file_that_takes_too_long_is_ended(writer: DraftWriter) -> None:
    del writer
    with pytest.raises(Exception, match=r"takes longer than 0\.01 s to read\. Split it into several\."):
        read_apart("a.csv", b"a,b\n", None, name="a", seconds=0.01)
