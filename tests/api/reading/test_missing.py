"""Missing entities: never present (404), renamed (307) or removed (410); and entities by UUID."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.rubric.ladder import Ladder
from tests.api.serving import EXAMPLE, NETFLIX, NOW, Api, problem

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        (
            "/v1/ladders/netflix-enginering",
            "There is no ladder 'netflix-enginering'. Did you mean 'netflix-engineering'?",
        ),
        ("/v1/ladders/zzz", "There is no ladder 'zzz'."),
        (f"{NETFLIX}/levels/L5", "netflix-engineering@1.0.0 has no level 'L5'. Did you mean 'l5'?"),
        (
            f"{NETFLIX}/competencies/system-design",
            "netflix-engineering@1.0.0 has no competency 'system-design'. Did you mean 'system-design-mastery'?",
        ),
        (f"{NETFLIX}/pages/zzz", "netflix-engineering@1.0.0 has no page 'zzz'."),
        ("/v1/", "This path does not exist. See /v1 and /docs for the existing ones."),
    ],
)
def test_a_missing_slug_gets_suggestions(each_client: TestClient, path: str, detail: str) -> None:
    assert problem(each_client.get(path)) == (404, "not-found", detail)


@pytest.mark.parametrize(
    "reference", ["example-engineering", "example-engineering@1.1.0", "example-engineering@latest"]
)
def test_a_redirect_of_a_renamed_entity_keeps_release_and_query(
    each_client: TestClient, reference: str
) -> None:
    home = f"/v1/ladders/{reference}/tips"
    answer = each_client.get(f"{home}/keep-a-work-log?fields=text")
    assert problem(answer) == (307, "renamed", "Its slug is now 'write-a-line-a-week'.")
    assert answer.headers["location"] == f"{home}/write-a-line-a-week?fields=text"
    assert each_client.get(answer.headers["location"]).status_code == 200


def test_an_earlier_release_redirects_from_a_later_slug(
    each_client: TestClient,
) -> None:
    home = f"{EXAMPLE}@1.0.0/tips"
    assert each_client.get(f"{home}/keep-a-work-log").status_code == 200
    later = each_client.get(f"{home}/write-a-line-a-week")
    assert later.status_code == 307
    assert later.headers["location"] == f"{home}/keep-a-work-log"


def test_a_removed_entity_is_gone_with_reason_and_successor(each_client: TestClient) -> None:
    status, code, detail = problem(each_client.get(f"{EXAMPLE}/faqs/degree-required"))
    assert (status, code) == (410, "gone")
    assert detail.startswith("The faq 'degree-required' was removed: ")
    assert each_client.get(f"{EXAMPLE}@1.0.0/faqs/degree-required").status_code == 200


@pytest.mark.parametrize(
    "ladder", ["netflix-engineering@1.0.0", "example-engineering@1.0.0", "example-engineering@1.1.0"]
)
def test_every_uuid_redirects_to_the_current_url_of_its_entity(each_client: TestClient, ladder: str) -> None:
    home = f"/v1/ladders/{ladder.partition('@')[0]}"
    uuids = dict(entities(each_client.get(f"/v1/ladders/{ladder}/document").json()))
    assert len(uuids) > 50
    for uuid, slug in uuids.items():
        answer = each_client.get(f"/v1/entities/{uuid}")
        if answer.status_code == 410:
            assert (ladder, slug) == ("example-engineering@1.0.0", "degree-required")
            continue
        assert answer.status_code == 307
        assert answer.headers["cache-control"] == "no-store"
        location = answer.headers["location"]
        assert location == home or location.startswith(f"{home}/")
        assert each_client.get(location).json()["uuid"] == uuid


def entities(value: Any) -> Iterator[tuple[str, str | None]]:  # noqa: ANN401 - JSON is anything
    """Yield the UUID and slug of everything in a document that has a UUID."""
    if isinstance(value, list):
        for item in value:
            yield from entities(item)
    elif isinstance(value, dict):
        if "uuid" in value:
            yield value["uuid"], value.get("slug")
        yield from entities(list(value.values()))


@pytest.mark.parametrize("spelled", ["upper", "braces", "urn", "bare"])
def test_a_uuid_can_be_written_in_any_format(client: TestClient, spelled: str) -> None:
    uuid = client.get(f"{NETFLIX}/levels/l5").json()["uuid"]
    ways = {
        "upper": uuid.upper(),
        "braces": f"{{{uuid}}}",
        "urn": f"urn:uuid:{uuid}",
        "bare": uuid.replace("-", ""),
    }
    answer = client.get(f"/v1/entities/{ways[spelled]}")
    assert (answer.status_code, answer.headers["location"]) == (307, f"{NETFLIX}/levels/l5")


@pytest.mark.parametrize("uuid", ["abc", "l5", "00000000-0000-0000-0000-00000000000g", "%E2%80%8B"])
def test_text_that_is_not_a_uuid_is_rejected(client: TestClient, uuid: str) -> None:
    assert problem(client.get(f"/v1/entities/{uuid}"))[:2] == (422, "invalid-parameter")


def test_an_unknown_uuid_is_not_found(each_client: TestClient) -> None:
    uuid = "00000000-0000-4000-8000-000000000000"
    detail = f"No entity has or ever had the UUID {uuid}."
    assert problem(each_client.get(f"/v1/entities/{uuid}")) == (404, "not-found", detail)


def ladder(**parts: object) -> Ladder:
    return Ladder.model_validate({"slug": "small", "title": "Small", **parts})


def test_an_entity_removed_without_a_reason_is_gone(empty_api: Api) -> None:
    empty_api.publish(ladder(tips=[{"slug": "one", "title": "One", "text": "Do."}]), "1.0.0", NOW - 2 * DAY)
    uuid = empty_api.json("/v1/ladders/small/tips/one")["uuid"]
    empty_api.publish(ladder(), "2.0.0", NOW - DAY)
    for path in ("/v1/ladders/small/tips/one", f"/v1/entities/{uuid}"):
        assert problem(empty_api.client.get(path))[:2] == (410, "gone")
    assert empty_api.client.get("/v1/ladders/small@1.0.0/tips/one").status_code == 200


def test_an_entity_of_a_scheduled_release_is_not_found_before_it(empty_api: Api) -> None:
    empty_api.publish(ladder(), "1.0.0", NOW - 2 * DAY)
    empty_api.publish(
        ladder(tips=[{"slug": "one", "title": "One", "text": "Do."}]), "1.1.0", NOW - DAY, NOW + DAY
    )
    assert problem(empty_api.client.get("/v1/ladders/small/tips/one"))[:2] == (404, "not-found")
    assert empty_api.client.get("/v1/ladders/small@latest/tips/one").status_code == 200


def test_a_removed_entity_is_gone_under_its_former_slug_too(empty_api: Api) -> None:
    one = {"slug": "one", "title": "One", "text": "Do."}
    two = {**one, "slug": "two", "formerly": ["one"]}
    removal = {"kind": "tip", "slug": "two", "reason": "Nobody did."}
    empty_api.publish(ladder(tips=[one]), "1.0.0", NOW - 3 * DAY)
    empty_api.publish(ladder(tips=[two]), "2.0.0", NOW - 2 * DAY)
    empty_api.publish(ladder(removals=[removal]), "3.0.0", NOW - DAY)
    for slug in ("two", "one"):
        status, code, detail = problem(empty_api.client.get(f"/v1/ladders/small/tips/{slug}"))
        assert (status, code) == (410, "gone")
        assert "Nobody did." in detail
