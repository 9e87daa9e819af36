"""The Idempotency-Key header: a repeated POST runs once, and gets the first answer again."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any, Final

import pytest
from sqlalchemy import text

from app.store.access.keys import find_keys, revoke_key
from app.store.engine import reading, writing
from tests.api.serving import Api, Clock, problem, serve

NEW: Final = {"slug": "acme", "title": "Acme"}
OTHER: Final = {"slug": "other", "title": "Other"}
Headers = dict[str, str]


@pytest.fixture
def api(database_url: str, clock: Clock) -> Iterator[Api]:
    with serve(database_url, clock) as served:
        yield served


@pytest.fixture
def ann(api: Api) -> Headers:
    return api.key("ann", "write")


def post(api: Api, headers: Headers, key: str, body: Any = None) -> Any:  # noqa: ANN401 - of the client's library
    return api.client.post("/v1/ladders", json=body or NEW, headers={**headers, "idempotency-key": key})


def begun(api: Api) -> int:
    with reading(api.application.serving.engine) as connection:
        said = "SELECT count(*) FROM audit WHERE action = 'ladder.create'"
        return int(connection.execute(text(said)).scalar_one())


def test_a_repeated_request_gets_the_first_answer(api: Api, ann: Headers) -> None:
    first, again = post(api, ann, "one"), post(api, ann, "one")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    one, other = (dict(answer.headers) for answer in (first, again))
    assert one.pop("x-request-id") != other.pop("x-request-id")
    assert one == other
    assert {"location", "etag"} <= set(one)
    assert begun(api) == 1


def test_a_key_may_be_written_in_quotes(api: Api, ann: Headers) -> None:
    assert post(api, ann, '"one"').content == post(api, ann, "one").content
    assert begun(api) == 1


def test_another_body_under_the_same_key_is_refused(api: Api, ann: Headers) -> None:
    post(api, ann, "one")
    detail = "This Idempotency-Key was used for another request. Choose a new one for each request."
    assert problem(post(api, ann, "one", {**NEW, "title": "Other"})) == (422, "invalid", detail)


def test_another_url_under_the_same_key_is_refused(api: Api, ann: Headers) -> None:
    post(api, ann, "one")
    reviews = "/v1/ladders/acme/reviews"
    other = api.client.post(reviews, json={"title": "Acme"}, headers={**ann, "idempotency-key": "one"})
    assert problem(other)[:2] == (422, "invalid")


def test_another_caller_has_keys_of_their_own(api: Api, ann: Headers) -> None:
    post(api, ann, "one")
    assert post(api, api.key("ben", "write"), "one", {"slug": "other", "title": "O"}).status_code == 201


def test_a_refused_request_may_be_sent_again_with_the_same_key(api: Api, ann: Headers) -> None:
    assert problem(post(api, ann, "one", {"slug": "acme"}))[0] == 422
    assert problem(post(api, api.key("ann", "read"), "two"))[0] == 403
    assert post(api, ann, "one").status_code == 201


def test_a_request_that_a_dead_server_did_not_finish_runs(api: Api, ann: Headers) -> None:
    """Older versions left such a row behind."""
    post(api, ann, "one", OTHER)
    with writing(api.application.serving.engine) as connection:
        connection.execute(text("UPDATE idempotency SET status = NULL, headers = NULL, body = NULL"))
    assert post(api, ann, "one").status_code == 201


def test_a_key_holds_for_a_day(api: Api, ann: Headers, clock: Clock) -> None:
    first = post(api, ann, "one")
    clock.moment += timedelta(hours=24) - timedelta(microseconds=1)
    assert post(api, ann, "one").content == first.content
    clock.moment += timedelta(microseconds=1)
    assert problem(post(api, ann, "one"))[:2] == (409, "conflict")


@pytest.mark.parametrize("key", ["", '""', "x" * 256, "a\tb"])
def test_a_malformed_key_is_refused(api: Api, ann: Headers, key: str) -> None:
    detail = "Send one Idempotency-Key of 1 to 255 printable ASCII characters."
    assert problem(post(api, ann, key)) == (400, "malformed-request", detail)
    assert begun(api) == 0


def test_two_keys_are_refused(api: Api, ann: Headers) -> None:
    twice = [*ann.items(), ("idempotency-key", "a"), ("idempotency-key", "b")]
    assert problem(api.client.post("/v1/ladders", json=NEW, headers=twice))[0] == 400


def test_an_idempotency_key_reveals_nothing_to_anonymous_callers(api: Api, ann: Headers) -> None:
    post(api, ann, "one")
    assert problem(post(api, {}, "one"))[:2] == (401, "unauthenticated")


def test_one_of_many_simultaneous_requests_runs_and_all_get_its_answer(api: Api, ann: Headers) -> None:
    start = Barrier(4)

    def send(_: int) -> tuple[int, bytes]:
        start.wait(10)
        answer = post(api, ann, "one")
        return answer.status_code, answer.content

    with ThreadPoolExecutor(4) as threads:
        ((status, _),) = set(threads.map(send, range(4)))
    assert status == 201
    assert begun(api) == 1


def test_a_caller_who_lost_the_right_does_not_get_the_stored_answer(api: Api, ann: Headers) -> None:
    post(api, ann, "one")
    assert problem(post(api, api.key("ann", "read"), "one"))[:2] == (403, "forbidden")
    assert problem(post(api, api.key("ann", "write", ladders=("other",)), "one"))[:2] == (403, "forbidden")
    with writing(api.application.serving.engine) as connection:
        for key in find_keys(connection):
            revoke_key(connection, key.id, api.application.serving.clock())
    api.refresh()
    assert problem(post(api, ann, "one"))[:2] == (401, "unauthenticated")


def test_another_key_of_the_same_owner_gets_the_stored_answer(api: Api, ann: Headers) -> None:
    """A key may be replaced between two attempts."""
    first = post(api, ann, "one")
    assert post(api, api.key("ann", "write"), "one").content == first.content


def test_an_answer_is_repeated_after_its_resource_was_removed(api: Api, ann: Headers) -> None:
    first = post(api, ann, "one")
    tag = {"if-match": first.headers["etag"]}
    assert api.client.delete("/v1/ladders/acme@draft", headers=ann | tag).status_code == 204
    assert post(api, ann, "one").content == first.content
    assert api.client.get("/v1/ladders/acme@draft", headers=ann).status_code == 404


def test_nothing_is_stored_for_a_refused_request(api: Api, ann: Headers) -> None:
    post(api, ann, "one")
    assert problem(post(api, ann, "two"))[0] == 409
    with reading(api.application.serving.engine) as connection:
        keys = connection.execute(text("SELECT key FROM idempotency")).scalars().all()
    assert keys == ["one"]


def test_every_post_that_changes_something_accepts_a_key(api: Api) -> None:
    """The OpenAPI document says so. A POST that needs only the right to read changes nothing."""
    posts = [
        operations["post"]
        for operations in api.json("/openapi.json")["paths"].values()
        if "post" in operations
    ]
    asking = [operation for operation in posts if {} in operation["security"]]
    assert {operation["tags"][0] for operation in asking} == {"progression"}
    for operation in posts:
        named = [parameter["name"] for parameter in operation["parameters"]]
        assert ("Idempotency-Key" in named) == (operation not in asking)
        assert operation in asking or {"409", "422"} <= set(operation["responses"])
