"""Corrections: the release in force is corrected while another is scheduled, on both engines."""

from datetime import timedelta
from typing import Any, Final

import pytest

from app.api.protocol.request_bodies import MAX_SMALL
from app.rubric.canonical import plain
from app.rubric.ladder import Ladder
from app.store.audit import Actor
from app.store.engine import reading, writing
from app.store.ladder_settings import LadderSettings, change_settings
from app.store.maintenance.doctor import verify
from tests.api.drafting import write_draft
from tests.api.publishing import ACME, BASE, CLEARER, HARDER, TIDIER, logged, sha
from tests.api.serving import NOW, Api, Clock, Json, problem
from tests.rubric.drafts import draft

DAY: Final = timedelta(days=1)
RELEASES: Final = f"{ACME}/releases"
TYPO: Final = draft({"/faqs/0/answer": "As it takes"})
"""1.0.0 with one typo fixed."""


@pytest.fixture
def publisher(empty_api: Api) -> dict[str, str]:
    """The header of somebody who may write and publish; 1.0.0 is in force, 2.0.0 comes in ten days."""
    empty_api.publish(BASE, "1.0.0", NOW - 9 * DAY)
    empty_api.publish(HARDER, "2.0.0", NOW - DAY, NOW + 10 * DAY)
    return empty_api.key("pat", "write", "publish")


def correct(api: Api, key: dict[str, str], document: Ladder, corrects: str = "1.0.0", **more: Any) -> Json:  # noqa: ANN401 - any JSON
    body = {"corrects": corrects, "document": plain(document), **more}
    return api.client.post(RELEASES, json=body, headers=key)


def statuses(api: Api) -> dict[str, str]:
    return {item["version"]: item["status"] for item in api.json(RELEASES)["items"]}


def test_the_release_in_force_is_corrected_while_another_is_scheduled(
    empty_api: Api, publisher: dict[str, str], clock: Clock
) -> None:
    answer = correct(empty_api, publisher, TYPO)
    assert (answer.status_code, answer.headers["location"]) == (201, f"{RELEASES}/1.0.1")
    body = answer.json()
    assert "how-long" in body.pop("notes")
    assert body == {
        "ladder": "acme",
        "version": "1.0.1",
        "status": "in-force",
        "base": "1.0.0",
        "corrects": "1.0.0",
        "deprecated": False,
        "published_at": "2026-11-22T12:00:00Z",
        "effective_from": "2026-11-22T12:00:00Z",
        "content_sha256": sha(TYPO),
        "missing_in": [{"version": "2.0.0", "changes": ["faq:how-long"]}],
        "links": {
            "self": f"{RELEASES}/1.0.1",
            "ladder": f"{ACME}@1.0.1",
            "content": f"{RELEASES}/1.0.1/content",
            "predecessor": f"{RELEASES}/1.0.0",
        },
    }
    assert statuses(empty_api) == {"2.0.0": "scheduled", "1.0.1": "in-force", "1.0.0": "superseded"}
    assert [empty_api.json(f"{ACME}{at}")["release"] for at in ("", "@latest")] == ["1.0.1", "2.0.0"]
    clock.moment = NOW + 10 * DAY
    empty_api.refresh()
    assert statuses(empty_api) == {"2.0.0": "in-force", "1.0.1": "superseded", "1.0.0": "superseded"}
    with reading(empty_api.application.serving.engine) as connection:
        assert list(verify(connection)) == []


def test_predecessors_diffs_and_the_draft_follow_the_base(empty_api: Api, publisher: dict[str, str]) -> None:
    correct(empty_api, publisher, TYPO)
    pinned = {"1.0.1": "1.0.0", "2.0.0": "1.0.0"}
    for version, base in pinned.items():
        diff = empty_api.json(f"{ACME}/diff?to={version}")
        assert (diff["from"]["release"], diff["to"]["release"]) == (base, version)
        links = empty_api.client.get(f"{ACME}@{version}").headers["link"]
        assert f'<{ACME}@{base}>; rel="predecessor-version"' in links
    assert empty_api.json(f"{RELEASES}/1.0.0")["links"]["successor"] == f"{RELEASES}/1.0.1"
    draft_now = empty_api.client.get(f"{ACME}@draft", headers=publisher).json()
    assert draft_now["content_sha256"] == sha(HARDER)
    path = f"{ACME}/diff?to=draft"
    assert empty_api.client.get(path, headers=publisher).json()["from"]["release"] == "2.0.0"


def test_a_correction_does_not_touch_the_draft(empty_api: Api, publisher: dict[str, str]) -> None:
    write_draft(empty_api, CLEARER, "ada")
    before = empty_api.client.get(f"{ACME}@draft", headers=publisher)
    assert correct(empty_api, publisher, TYPO).status_code == 201
    after = empty_api.client.get(f"{ACME}@draft", headers=publisher)
    assert (after.content, after.headers["etag"]) == (before.content, before.headers["etag"])
    same = {"content_sha256": sha(CLEARER), "version": "3.0.0"}
    answer = empty_api.client.post(RELEASES, json=same, headers=publisher)
    assert answer.json()["detail"].startswith("effective_from 2026-11-22T12:00:00Z is before that of")
    answer = empty_api.client.post(RELEASES, json=same | {"effective_from": "2026-12-03"}, headers=publisher)
    assert (answer.status_code, answer.json()["base"]) == (201, "2.0.0")


def test_corrections_can_be_corrected(empty_api: Api, publisher: dict[str, str]) -> None:
    correct(empty_api, publisher, TYPO)
    answer = correct(empty_api, publisher, TIDIER, "1.0.1")
    assert (answer.status_code, answer.json()["version"], answer.json()["base"]) == (201, "1.0.2", "1.0.1")
    assert empty_api.json(f"{RELEASES}/1.0.1")["links"]["successor"] == f"{RELEASES}/1.0.2"


def test_a_correction_can_be_scheduled_too(empty_api: Api, publisher: dict[str, str], clock: Clock) -> None:
    answer = correct(empty_api, publisher, TYPO, effective_from="2026-11-25")
    assert answer.json()["status"] == "scheduled"
    clock.moment = NOW + 3 * DAY
    empty_api.refresh()
    assert statuses(empty_api) == {"2.0.0": "scheduled", "1.0.1": "in-force", "1.0.0": "superseded"}


def test_a_correction_that_asks_more_needs_a_reason(empty_api: Api, publisher: dict[str, str]) -> None:
    refused = correct(empty_api, publisher, HARDER)
    assert problem(refused) == (
        422,
        "bump-too-low",
        (
            "1.1.0 is lower than the changes since 1.0.0 require: the minimum is 2.0.0. A correction stays below "
            "2.0.0, so make these changes in the draft, or give the reason for a lower one in `because`."
        ),
    )
    answer = correct(empty_api, publisher, HARDER, because="It was always meant so.")
    body = answer.json()
    assert (answer.status_code, body["version"], body["minimum_version"]) == (201, "1.1.0", "2.0.0")
    assert "missing_in" not in body


@pytest.mark.parametrize(
    ("corrects", "more", "status", "detail"),
    [
        ("1.0.1", {}, 422, "There is no release 1.0.1 to correct."),
        (
            "2.0.0",
            {},
            409,
            "2.0.0 is not in force, so it cannot be corrected. 1.0.0 is in force; correct that.",
        ),
        ("1.0.0", {"version": "1.0.0"}, 409, "1.0.0 cannot be the number of a correction of 1.0.0."),
        ("1.0.0", {"version": "2.0.0"}, 409, "2.0.0 cannot be the number of a correction of 1.0.0."),
        ("1.0.0", {"bump": "major"}, 409, "2.0.0 cannot be the number of a correction of 1.0.0."),
        (
            "1.0.0",
            {"effective_from": "2026-12-25"},
            422,
            "effective_from 2026-12-25T00:00:00Z is not before that of 2.0.0",
        ),
        ("1.0.0", {"content_sha256": "0" * 64}, 422, f"The document has the hash {sha(TYPO)}."),
        ("1.0.0", {"bump": "minor", "version": "1.0.1"}, 422, "The body has an error."),
    ],
)
def test_a_correction_that_does_not_fit_is_refused_with_a_fix(
    empty_api: Api, publisher: dict[str, str], corrects: str, more: Json, status: int, detail: str
) -> None:
    before = empty_api.json(RELEASES)
    refused = problem(correct(empty_api, publisher, TYPO, corrects, **more))
    assert (refused[0], refused[2][: len(detail)]) == (status, detail)
    assert empty_api.json(RELEASES) == before


def test_without_a_scheduled_release_the_draft_is_published_instead(
    empty_api: Api, publisher: dict[str, str], clock: Clock
) -> None:
    clock.moment = NOW + 10 * DAY
    empty_api.refresh()
    refused = problem(correct(empty_api, publisher, TYPO, "2.0.0"))
    assert refused[2].startswith("No release is scheduled after 2.0.0, so it needs no correction.")


def test_what_is_already_published_is_not_corrected_again(empty_api: Api, publisher: dict[str, str]) -> None:
    assert correct(empty_api, publisher, TYPO).status_code == 201
    refused = problem(correct(empty_api, publisher, TYPO, "1.0.1"))
    assert refused[2] == "acme@1.0.1 already has this content, so there is nothing to publish."


def test_findings_point_into_the_document(empty_api: Api, publisher: dict[str, str]) -> None:
    broken = draft({"/levels/0/track": "nowhere"})
    refused = correct(empty_api, publisher, broken)
    assert problem(refused)[:2] == (422, "invalid-ladder")
    assert "/document/levels/0/track" in {fault["pointer"] for fault in refused.json()["errors"]}
    shapeless = {"corrects": "1.0.0", "document": {"slug": "acme", "title": "Acme", "levels": [{"slug": 3}]}}
    refused = empty_api.client.post(RELEASES, json=shapeless, headers=publisher)
    assert problem(refused)[:2] == (422, "invalid-ladder")
    assert {fault["pointer"][:18] for fault in refused.json()["errors"]} == {"/document/levels/0"}
    other = correct(empty_api, publisher, draft({"/slug": "other"}))
    assert (other.status_code, other.json()["errors"][0]["pointer"]) == (422, "/document/slug")


@pytest.mark.parametrize("body", [{"corrects": "1.0.0"}, {"document": {"slug": "acme", "title": "Acme"}}])
def test_a_correction_names_a_release_and_brings_a_document(
    empty_api: Api, publisher: dict[str, str], body: Json
) -> None:
    refused = empty_api.client.post(RELEASES, json=body, headers=publisher)
    assert problem(refused)[:2] == (422, "invalid")
    assert [fault["detail"] for fault in refused.json()["errors"]] == [
        "Send `corrects` and `document` together, or neither."
    ]


def test_a_large_document_is_read_too_and_once_with_an_idempotency_key(
    empty_api: Api, publisher: dict[str, str]
) -> None:
    text = "x" * 10_000
    pages = [{"slug": f"page-{number}", "title": "Long", "text": text} for number in range(30)]
    large = draft({"/pages": pages})
    assert len(str(plain(large))) > MAX_SMALL
    once = publisher | {"idempotency-key": "large"}
    answers = [correct(empty_api, once, large) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201], answers[0].text
    assert answers[0].content == answers[1].content
    assert answers[0].json()["version"] == "1.1.0"
    assert len(statuses(empty_api)) == 3
    broken = correct(empty_api, publisher, large.model_copy(update={"title": ""}), "1.1.0")
    assert (broken.status_code, broken.json()["errors"][0]["pointer"]) == (422, "/document/title")
    refused = empty_api.client.post(RELEASES, json={"notes": "x" * MAX_SMALL}, headers=publisher)
    assert problem(refused)[:2] == (422, "invalid-ladder")
    assert refused.json()["errors"][0]["detail"].endswith("`document` is missing")


@pytest.mark.usefixtures("publisher")
def test_a_correction_needs_the_right_to_write(empty_api: Api) -> None:
    only = empty_api.key("paul", "publish")
    refused = correct(empty_api, only, TYPO)
    assert problem(refused)[:2] == (403, "forbidden")
    assert 'scope="write"' in refused.headers["www-authenticate"]
    elsewhere = empty_api.key("eve", "write", "publish", ladders=("other",))
    assert correct(empty_api, elsewhere, TYPO).status_code == 403


def test_where_review_is_required_the_draft_with_the_correction_is_approved(
    empty_api: Api, publisher: dict[str, str]
) -> None:
    grace = empty_api.key("grace", "review")
    with writing(empty_api.application.serving.engine) as connection:
        change_settings(connection, "acme", LadderSettings(require_review=True), Actor("root"), NOW)
    assert problem(correct(empty_api, publisher, TYPO))[2].startswith(
        "'acme' needs an approved review before it can be published. Reviews are about the draft"
    )
    write_draft(empty_api, TYPO, "ada")
    opened = empty_api.client.post(f"{ACME}/reviews", json={"title": "A typo"}, headers=publisher)
    decision = {"decision": "approve", "content_sha256": sha(TYPO)}
    approved = empty_api.client.post(f"{opened.headers['location']}/decisions", json=decision, headers=grace)
    assert approved.status_code == 201, approved.text
    assert correct(empty_api, publisher, TYPO).status_code == 201
    assert empty_api.client.get(f"{ACME}@draft", headers=publisher).json()["content_sha256"] == sha(TYPO)


def test_a_correction_is_logged_with_what_it_corrects(empty_api: Api, publisher: dict[str, str]) -> None:
    correct(empty_api, publisher, TYPO)
    (detail,) = [row[1] for row in logged(empty_api, "action", "detail") if row[0] == "release.publish"]
    assert detail == '{"base": "1.0.0", "corrects": "1.0.0"}'


def test_a_lower_number_without_corrects_is_refused_with_the_way_to_correct(
    empty_api: Api, publisher: dict[str, str]
) -> None:
    write_draft(empty_api, TYPO, "ada")
    asked = {"content_sha256": sha(TYPO), "version": "1.0.1", "because": "A typo."}
    assert problem(empty_api.client.post(RELEASES, json=asked, headers=publisher)) == (
        409,
        "conflict",
        "The newest release of 'acme' is 2.0.0. A new number must be greater. To correct 1.0.0, set `corrects`.",
    )
