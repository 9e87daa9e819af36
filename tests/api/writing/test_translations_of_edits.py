"""Translations in a draft that is edited over HTTP: findings about texts that changed, and positions that shifted."""

from typing import Final

import pytest

from tests.api.drafting import write_draft
from tests.api.publishing import ACME, sha
from tests.api.serving import NOW, Api, Json
from tests.rubric.drafts import draft

CELL: Final = "expectation--l4--quality"
LINES: Final = [{"text": "Writes tests."}, {"text": "Reads logs."}]
GERMAN: Final = ["Schreibt Tests.", "Liest Protokolle."]


def translation(place: int, *, source: bool, field: str = "text") -> Json:
    """Return the translation of one of the two lines."""
    made_from = {"source": LINES[place - 1]["text"]} if source else {}
    target = f"statement:{CELL}--statement-{place}"
    return {"entity": target, "field": field, "language": "de", "text": GERMAN[place - 1], **made_from}


@pytest.fixture
def writer(empty_api: Api) -> dict[str, str]:
    """The header of an author of a ladder with two translated lines, the second without a source."""
    translations = [translation(1, source=True), translation(2, source=False)]
    empty_api.publish(
        draft({"/expectations/0/statements": LINES, "/translations": translations}), "1.0.0", NOW
    )
    return empty_api.key("ada", "write", "publish")


def findings(api: Api, writer: dict[str, str]) -> list[tuple[str, str, str]]:
    body = api.client.get(f"{ACME}@draft/findings", headers=writer).json()
    return [(item["code"], item["severity"], item["pointer"]) for item in body["items"]]


def patch(api: Api, writer: dict[str, str], below: str, change: Json) -> Json:
    """Apply a merge patch to a resource of the draft, and return the body."""
    url = f"{ACME}@draft{below}"
    tag = api.client.get(url, headers=writer).headers["etag"]
    headers = {**writer, "if-match": tag, "content-type": "application/merge-patch+json"}
    answer = api.client.patch(url, json=change, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def document(api: Api, writer: dict[str, str]) -> Json:
    return api.client.get(f"{ACME}@draft/document", headers=writer).json()


def test_a_text_that_changed_since_it_was_translated_is_a_finding(
    empty_api: Api, writer: dict[str, str]
) -> None:
    assert findings(empty_api, writer) == []
    changed = [{"text": "Writes tests first."}, LINES[1]]
    patch(empty_api, writer, "/expectations/l4--quality", {"statements": changed})
    assert findings(empty_api, writer) == [("stale-translation", "warning", "/translations/0/source")]
    translations = document(empty_api, writer)["translations"]
    translations[0] |= {"source": "Writes tests first.", "text": "Schreibt zuerst Tests."}
    patch(empty_api, writer, "/document", {"translations": translations})
    assert findings(empty_api, writer) == []


def test_nothing_is_said_of_a_translation_without_a_source(empty_api: Api, writer: dict[str, str]) -> None:
    changed = [LINES[0], {"text": "Reads no logs."}]
    patch(empty_api, writer, "/expectations/l4--quality", {"statements": changed})
    assert findings(empty_api, writer) == []


def test_translations_follow_a_line_that_an_edit_of_its_entity_moves(
    empty_api: Api, writer: dict[str, str]
) -> None:
    patch(empty_api, writer, "/expectations/l4--quality", {"statements": [{"text": "Asks."}, *LINES]})
    assert findings(empty_api, writer) == []
    moved = [one["entity"] for one in document(empty_api, writer)["translations"]]
    assert moved == [f"statement:{CELL}--statement-{place}" for place in (2, 3)]


def test_a_document_in_which_a_line_was_inserted_before_a_translated_one_is_a_finding(
    empty_api: Api, writer: dict[str, str]
) -> None:
    """Nobody says in a document which line stands for which, so the second translation cannot be checked."""
    body = document(empty_api, writer)
    body["expectations"][0]["statements"].insert(0, {"text": "Asks."})
    patch(empty_api, writer, "/document", {"expectations": body["expectations"]})
    assert findings(empty_api, writer) == [("misplaced-translation", "warning", "/translations/0")]
    finding = empty_api.client.get(f"{ACME}@draft/findings", headers=writer).json()["items"][0]
    assert finding["message"] == (
        f"the translation was made from a text that is now `text` of statement:{CELL}--statement-2; "
        "move the translation there, and translate the text that it belongs to now"
    )


def test_a_warning_about_a_translation_does_not_prevent_a_publish_and_stays_with_the_release(
    empty_api: Api, writer: dict[str, str]
) -> None:
    changed = draft(
        {
            "/expectations/0/statements": [{"text": "Writes tests first."}, LINES[1]],
            "/translations": [translation(1, source=True), translation(2, source=False)],
        }
    )
    write_draft(empty_api, changed, "ada")
    asked = {"content_sha256": sha(changed)}
    assert empty_api.client.post(f"{ACME}/releases", json=asked, headers=writer).status_code == 201
    assert [item["code"] for item in empty_api.json(f"{ACME}/findings")["items"]] == ["stale-translation"]


def test_the_source_is_returned_only_where_it_is_stored(empty_api: Api, writer: dict[str, str]) -> None:
    expected = [translation(1, source=True), translation(2, source=False)]
    assert empty_api.json(f"{ACME}/document")["translations"] == expected
    assert empty_api.json(f"{ACME}/releases/1.0.0/content")["translations"] == expected
    assert document(empty_api, writer)["translations"] == expected
