"""Idempotency-Key: a POST that is sent again is answered as before, and done once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any, Final

import pytest
from sqlalchemy import text

from app.store.engine import reading, writing
from tests.api.serving import Api, Clock, problem, serve

NEW: Final = {"slug": "acme", "title": "Acme"}
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


def test_what_is_sent_again_is_answered_as_before(api: Api, ann: Headers) -> None:
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
    detail = "This Idempotency-Key was used for another request. Choose a new one for each."
    assert problem(post(api, ann, "one", {**NEW, "title": "Other"})) == (422, "invalid", detail)


def test_another_url_under_the_same_key_is_refused(api: Api, ann: Headers) -> None:
    post(api, ann, "one")
    other = api.client.post("/v1/ladders?x=1", json=NEW, headers={**ann, "idempotency-key": "one"})
    assert problem(other)[:2] == (422, "invalid")


def test_another_caller_has_keys_of_their_own(api: Api, ann: Headers) -> None:
    post(api, ann, "one")
    assert post(api, api.key("ben", "write"), "one", {"slug": "other", "title": "O"}).status_code == 201


def test_what_was_refused_may_be_sent_again_under_the_same_key(api: Api, ann: Headers) -> None:
    assert problem(post(api, ann, "one", {"slug": "acme"}))[0] == 422
    assert problem(post(api, api.key("ann", "read"), "two"))[0] == 403
    assert post(api, ann, "one").status_code == 201


def test_while_the_first_is_running_the_next_is_told_to_wait(api: Api, ann: Headers, clock: Clock) -> None:
    post(api, ann, "one")
    with writing(api.application.serving.engine) as connection:
        connection.execute(text("UPDATE idempotency SET status = NULL, headers = NULL, body = NULL"))
    detail = "The first request with this Idempotency-Key is running. Send it again in a while."
    assert problem(post(api, ann, "one")) == (409, "conflict", detail)
    clock.moment += timedelta(minutes=1)
    assert "is or was a ladder's already" in problem(post(api, ann, "one"))[2]  # it was tried again


def test_a_key_holds_for_a_day(api: Api, ann: Headers, clock: Clock) -> None:
    first = post(api, ann, "one")
    clock.moment += timedelta(hours=24) - timedelta(microseconds=1)
    assert post(api, ann, "one").content == first.content
    clock.moment += timedelta(microseconds=1)
    assert problem(post(api, ann, "one"))[:2] == (409, "conflict")


@pytest.mark.parametrize("key", ["", '""', "x" * 256, "a\tb"])
def test_a_key_that_is_none_is_refused(api: Api, ann: Headers, key: str) -> None:
    detail = "Send one Idempotency-Key, of 1 to 255 printable ASCII characters."
    assert problem(post(api, ann, key)) == (400, "malformed-request", detail)
    assert begun(api) == 0


def test_two_keys_are_none(api: Api, ann: Headers) -> None:
    twice = [*ann.items(), ("idempotency-key", "a"), ("idempotency-key", "b")]
    assert problem(api.client.post("/v1/ladders", json=NEW, headers=twice))[0] == 400


def test_a_key_of_nobody_says_nothing(api: Api, ann: Headers) -> None:
    post(api, ann, "one")
    assert problem(post(api, {}, "one"))[:2] == (401, "unauthenticated")


def test_of_many_at_once_one_is_done(api: Api, ann: Headers) -> None:
    start = Barrier(4)

    def send(_: int) -> int:
        start.wait(10)
        return int(post(api, ann, "one").status_code)

    with ThreadPoolExecutor(4) as threads:
        statuses = set(threads.map(send, range(4)))
    assert 201 in statuses <= {201, 409}
    assert begun(api) == 1


def test_every_post_that_does_something_takes_a_key(api: Api) -> None:
    """It is said in the OpenAPI document of each. One that needs no right beyond reading only asks."""
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
