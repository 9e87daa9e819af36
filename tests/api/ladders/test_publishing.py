"""POST …/releases: a draft becomes one release with a suitable number, or nothing changes."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.store.engine import reading
from app.store.maintenance.doctor import verify
from tests.api.drafting import write_draft
from tests.api.publishing import ACME, BASE, CLEARER, HARDER, TIDIER, begun, logged, sha
from tests.api.serving import NOW, Api, Clock, problem
from tests.rubric.drafts import draft

RELEASES = f"{ACME}/releases"


@pytest.fixture
def publisher(empty_api: Api) -> dict[str, str]:
    """The header of somebody who may publish."""
    return empty_api.key("pat", "publish")


def test_a_first_release_is_1_0_0_and_in_force_at_once(empty_api: Api, publisher: dict[str, str]) -> None:
    write_draft(empty_api, BASE, "ada")
    answer = empty_api.client.post(RELEASES, json={"content_sha256": sha(BASE)}, headers=publisher)
    assert (answer.status_code, answer.headers["location"]) == (201, f"{RELEASES}/1.0.0")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "ladder": "acme",
        "version": "1.0.0",
        "status": "in-force",
        "deprecated": False,
        "published_at": "2026-11-22T12:00:00Z",
        "effective_from": "2026-11-22T12:00:00Z",
        "content_sha256": sha(BASE),
        "links": {
            "self": f"{RELEASES}/1.0.0",
            "ladder": f"{ACME}@1.0.0",
            "content": f"{RELEASES}/1.0.0/content",
        },
    }
    assert empty_api.json(answer.headers["location"]) == answer.json()


def test_publishing_ends_the_draft_and_is_logged(empty_api: Api, publisher: dict[str, str]) -> None:
    begun(empty_api, CLEARER)
    answer = empty_api.client.post(
        RELEASES, json={"content_sha256": sha(CLEARER)}, headers=publisher | {"x-request-id": "one-2-three"}
    )
    assert (answer.status_code, answer.json()["version"]) == (201, "1.1.0")
    draft_now = empty_api.client.get(f"{ACME}@draft", headers=publisher).json()
    assert draft_now["content_sha256"] == sha(CLEARER)
    assert problem(
        empty_api.client.post(RELEASES, json={"content_sha256": sha(CLEARER)}, headers=publisher)
    ) == (
        409,
        "conflict",
        "Nobody has changed the draft of 'acme', so there is nothing to publish.",
    )
    columns = ("who", "action", "ladder", "target", "before_sha256", "after_sha256", "detail", "request_id")
    assert [row for row in logged(empty_api, *columns) if row[1] == "release.publish"] == [
        (
            "pat",
            "release.publish",
            "acme",
            "1.1.0",
            sha(BASE),
            sha(CLEARER),
            '{"base": "1.0.0"}',
            "one-2-three",
        )
    ]


@pytest.mark.parametrize(
    ("asked", "version"),
    [
        ({}, "1.1.0"),
        ({"bump": "minor"}, "1.1.0"),
        ({"bump": "major"}, "2.0.0"),
        ({"version": "1.1.0"}, "1.1.0"),
        ({"version": "1.7.3"}, "1.7.3"),
        ({"version": "3.0.0"}, "3.0.0"),
    ],
)
def test_the_number_is_the_minimum_or_higher(
    empty_api: Api, publisher: dict[str, str], asked: dict[str, str], version: str
) -> None:
    begun(empty_api, CLEARER)
    answer = empty_api.client.post(
        RELEASES, json={"content_sha256": sha(CLEARER), **asked}, headers=publisher
    )
    assert (answer.status_code, answer.json()["version"]) == (201, version)


@pytest.mark.parametrize("asked", [{"bump": "minor"}, {"version": "1.1.0"}, {"version": "1.99.0"}])
def test_a_number_below_the_minimum_is_refused_with_the_changes(
    empty_api: Api, publisher: dict[str, str], asked: dict[str, str]
) -> None:
    begun(empty_api, HARDER)
    answer = empty_api.client.post(RELEASES, json={"content_sha256": sha(HARDER), **asked}, headers=publisher)
    number = asked.get("version", "1.1.0")
    assert problem(answer) == (
        422,
        "bump-too-low",
        (
            f"{number} is lower than the changes since 1.0.0 require: the minimum is 2.0.0. "
            "Use it or a higher number, or give the reason for a lower one in `because`."
        ),
    )
    assert answer.json()["errors"] == [{"detail": "expectation:l4--quality changed: asks-more."}]
    assert [item["version"] for item in empty_api.json(RELEASES)["items"]] == ["1.0.0"]


def test_a_manager_who_rewords_one_line_and_extends_another_publishes_1_1_0_with_one_sentence(
    empty_api: Api, publisher: dict[str, str]
) -> None:
    lines = [{"text": "Writes tests for every change."}, {"text": "Reviews the code of others."}]
    empty_api.publish(draft({"/expectations/0/statements": lines}), "1.0.0", NOW)
    said = [{"text": "Tests every change."}, {"text": "Reviews the code of others, and explains why."}]
    ladder = draft({"/expectations/0/statements": said})
    write_draft(empty_api, ladder, "ada")
    asked = {"content_sha256": sha(ladder), "version": "1.1.0"}
    refused = empty_api.client.post(RELEASES, json=asked, headers=publisher)
    assert problem(refused)[:2] == (422, "bump-too-low")
    assert "the minimum is 2.0.0" in refused.json()["detail"]
    because = "Two sentences say the same in *clearer* words."
    answer = empty_api.client.post(RELEASES, json={**asked, "because": because}, headers=publisher)
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert (body["version"], body["minimum_version"], body["because"]) == ("1.1.0", "2.0.0", because)
    assert body["notes"].startswith(
        "Published as 1.1.0, below the minimum of 2.0.0, because: "
        "Two sentences say the same in \\*clearer\\* words.\n\n"
    )
    assert empty_api.json(f"{RELEASES}/1.1.0") == body
    assert empty_api.json(RELEASES)["items"][0] == {
        **body,
        "links": empty_api.json(RELEASES)["items"][0]["links"],
    }
    (detail,) = [row[1] for row in logged(empty_api, "action", "detail") if row[0] == "release.publish"]
    assert json.loads(detail) == {"base": "1.0.0", "minimum": "2.0.0", "because": because}


def test_releases_at_the_minimum_have_no_reason(empty_api: Api, publisher: dict[str, str]) -> None:
    begun(empty_api, CLEARER)
    answer = empty_api.client.post(RELEASES, json={"content_sha256": sha(CLEARER)}, headers=publisher)
    assert not {"minimum_version", "because"} & set(answer.json())
    write_draft(empty_api, HARDER, "ada")
    asked = {"content_sha256": sha(HARDER), "because": "Why not."}
    refused = empty_api.client.post(RELEASES, json=asked, headers=publisher)
    told = (
        "2.0.0 is not below the minimum, 2.0.0, so it needs no reason. "
        "Leave `because` out, or choose a lower number."
    )
    assert problem(refused) == (422, "invalid", told)
    assert refused.json()["errors"] == [{"detail": told, "pointer": "/because"}]


def test_a_ladder_can_forbid_numbers_below_the_minimum(empty_api: Api) -> None:
    begun(empty_api, HARDER)
    admin = empty_api.key("root", "admin")
    settings = empty_api.client.get(f"{ACME}/settings", headers=admin)
    assert settings.json()["allow_lower_version"] is True
    kind = {"content-type": "application/merge-patch+json", "if-match": settings.headers["etag"]}
    patch = {"allow_lower_version": False}
    patched = empty_api.client.patch(f"{ACME}/settings", json=patch, headers=admin | kind)
    assert patched.json()["allow_lower_version"] is False
    asked = {"content_sha256": sha(HARDER), "bump": "minor", "because": "A slip."}
    assert problem(empty_api.client.post(RELEASES, json=asked, headers=admin)) == (
        422,
        "bump-too-low",
        (
            "1.1.0 is lower than the changes since 1.0.0 require: the minimum is 2.0.0. "
            "Use it or a higher number. This ladder allows no lower one (setting `allow_lower_version`)."
        ),
    )


def test_notes_are_generated_from_the_changes_unless_given(empty_api: Api, publisher: dict[str, str]) -> None:
    begun(empty_api, TIDIER)
    made = empty_api.client.post(RELEASES, json={"content_sha256": sha(TIDIER)}, headers=publisher).json()
    assert made["version"] == "1.0.1"
    assert "## Editorial" in made["notes"]
    write_draft(empty_api, CLEARER, "ada")
    asked = {"content_sha256": sha(CLEARER), "notes": "Ours."}
    assert empty_api.client.post(RELEASES, json=asked, headers=publisher).json()["notes"] == "Ours."


def test_a_future_date_schedules_the_release(empty_api: Api, clock: Clock, publisher: dict[str, str]) -> None:
    begun(empty_api, CLEARER)
    asked = {"content_sha256": sha(CLEARER), "effective_from": "2026-12-01"}
    made = empty_api.client.post(RELEASES, json=asked, headers=publisher).json()
    assert (made["status"], made["effective_from"]) == ("scheduled", "2026-12-01T00:00:00Z")
    assert empty_api.json(ACME)["release"] == "1.0.0"
    clock.moment = NOW + timedelta(days=9)
    empty_api.refresh()
    assert empty_api.json(ACME)["release"] == "1.1.0"


def test_only_the_content_that_the_publisher_read_is_published(
    empty_api: Api, publisher: dict[str, str]
) -> None:
    begun(empty_api, CLEARER)
    write_draft(empty_api, HARDER, "bob")
    answer = empty_api.client.post(RELEASES, json={"content_sha256": sha(CLEARER)}, headers=publisher)
    assert problem(answer) == (
        409,
        "conflict",
        (
            f"The draft of 'acme' has changed since you read it. Its content hash is now {sha(HARDER)}. "
            "Read it again, then publish."
        ),
    )


def test_all_findings_of_severity_error_are_listed(empty_api: Api, publisher: dict[str, str]) -> None:
    broken = draft({"/levels/0/track": "nowhere", "/facets/0/competency": "nothing"})
    begun(empty_api, broken)
    answer = empty_api.client.post(RELEASES, json={"content_sha256": sha(broken)}, headers=publisher)
    assert problem(answer)[:2] == (422, "invalid-ladder")
    assert {fault["pointer"] for fault in answer.json()["errors"]} >= {
        "/levels/0/track",
        "/facets/0/competency",
    }


def test_an_outdated_draft_is_refused_with_a_fix(empty_api: Api, publisher: dict[str, str]) -> None:
    begun(empty_api, CLEARER)
    empty_api.publish(TIDIER, "1.0.1", NOW)
    answer = empty_api.client.post(RELEASES, json={"content_sha256": sha(CLEARER)}, headers=publisher)
    assert problem(answer) == (
        409,
        "conflict",
        (
            "The draft of 'acme' builds on 1.0.0, and the newest release is now 1.0.1. "
            "Merge the two, and send the result with PUT /v1/ladders/acme@draft/document."
        ),
    )


def test_unchanged_content_is_not_published_again(empty_api: Api, publisher: dict[str, str]) -> None:
    begun(empty_api, CLEARER)
    write_draft(empty_api, BASE, "ada")
    answer = empty_api.client.post(RELEASES, json={"content_sha256": sha(BASE)}, headers=publisher)
    assert problem(answer) == (
        409,
        "conflict",
        "acme@1.0.0 already has this content, so there is nothing to publish.",
    )


def test_a_publish_with_an_idempotency_key_runs_once(empty_api: Api, publisher: dict[str, str]) -> None:
    begun(empty_api, CLEARER)
    once = publisher | {"idempotency-key": "publish-1"}
    answers = [
        empty_api.client.post(RELEASES, json={"content_sha256": sha(CLEARER)}, headers=once) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert len(empty_api.json(RELEASES)["items"]) == 2


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        (b"{}", [("/content_sha256", "This is missing.")]),
        (
            b'{"content_sha256": "abc"}',
            [("/content_sha256", "Use a SHA-256: 64 lower-case hexadecimal digits.")],
        ),
        (
            b'{"content_sha256": "%b", "version": "1.2"}' % (b"0" * 64),
            [("/version", "A release number is a text such as 1.2.0: major.minor.patch.")],
        ),
        (
            b'{"content_sha256": "%b", "version": "1.2.0", "bump": "minor"}' % (b"0" * 64),
            [("", "Send `version` or `bump`, not both.")],
        ),
        (
            b'{"content_sha256": "%b", "override_review": "Hurry."}' % (b"0" * 64),
            [
                (
                    "/override_review",
                    (
                        "This property is unknown. "
                        "Known: content_sha256, version, bump, because, notes, effective_from, corrects, document."
                    ),
                )
            ],
        ),
        (
            b'{"content_sha256": "%b", "because": " "}' % (b"0" * 64),
            [("/because", "Use at least one character that is not a space.")],
        ),
    ],
)
def test_an_invalid_body_is_refused_with_a_pointer(
    empty_api: Api, publisher: dict[str, str], body: bytes, faults: list[tuple[str, str]]
) -> None:
    begun(empty_api, CLEARER)
    headers = publisher | {"content-type": "application/json"}
    answer = empty_api.client.post(RELEASES, content=body, headers=headers)
    assert problem(answer) == (422, "invalid", "The body has an error.")
    assert [(fault["pointer"], fault["detail"]) for fault in answer.json()["errors"]] == faults


def test_a_body_that_is_not_json_is_refused(empty_api: Api, publisher: dict[str, str]) -> None:
    headers = publisher | {"content-type": "application/json"}
    begun(empty_api, CLEARER)
    answer = empty_api.client.post(RELEASES, content=b'{"content_sha256": ', headers=headers)
    assert problem(answer)[:2] == (400, "malformed-request")
    answer = empty_api.client.post(
        RELEASES, content=b"a: b", headers=publisher | {"content-type": "text/yaml"}
    )
    assert problem(answer)[:2] == (415, "unsupported-media-type")


def test_an_unknown_ladder_cannot_be_published(empty_api: Api, publisher: dict[str, str]) -> None:
    asked = {"content_sha256": "0" * 64}
    for path in ("/v1/ladders/nowhere/releases", "/v1/ladders/nowhere@draft/releases"):
        assert problem(empty_api.client.post(path, json=asked, headers=publisher))[:2] == (404, "not-found")
    begun(empty_api, CLEARER)
    answer = empty_api.client.post(f"{ACME}@draft/releases", json=asked, headers=publisher)
    assert problem(answer) == (
        404,
        "not-found",
        "This resource belongs to the ladder, not to a release. Use /v1/ladders/acme/releases.",
    )


@pytest.mark.parametrize("right", ["read", "write", "review"])
def test_publishing_needs_the_publish_scope(empty_api: Api, right: str) -> None:
    begun(empty_api, CLEARER)
    answer = empty_api.client.post(
        RELEASES, json={"content_sha256": sha(CLEARER)}, headers=empty_api.key("somebody", right)
    )
    assert problem(answer)[:2] == (403, "forbidden")


def test_exactly_one_of_fifty_simultaneous_publishes_succeeds(
    empty_api: Api, publisher: dict[str, str]
) -> None:
    begun(empty_api, CLEARER)
    body = {"content_sha256": sha(CLEARER)}
    with ThreadPoolExecutor(50) as crowd:
        posts = [
            crowd.submit(empty_api.client.post, RELEASES, json=body, headers=publisher) for _ in range(50)
        ]
        answers = [post.result() for post in posts]
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(201) == 1
    assert set(statuses) - {201} <= {409, 503}  # on a slow machine the last may wait too long for their turn
    assert [item["version"] for item in empty_api.json(RELEASES)["items"]] == ["1.1.0", "1.0.0"]
    with reading(empty_api.application.serving.engine) as connection:
        assert list(verify(connection)) == []
