"""The session cookie: the visitor that it names, the pages where it counts, and the privacy of those pages."""

import asyncio
import gc
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import event
from starlette.testclient import TestClient
from starlette.types import Scope

from app.serving.access.session_cookie import BrowserSession, form_cookie, session_cookie
from app.serving.callers import Grant
from app.serving.route_table import note_facts
from app.store.access.keys import revoke_key, rotate_key
from app.store.engine import writing
from tests.api.serving import EXAMPLE, Api, Clock, serve
from tests.databases import Databases
from tests.serving.hiding import hide
from tests.serving.signed_in import COOKIE, FORGET, visitor

PRIVATE: Final = "private, no-store"
NOBODY: Final = "A" * 43


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def api(databases: Databases, clock: Clock) -> Iterator[Api]:
    """The application over the seeds, on each engine."""
    with databases.fresh("seeded") as url, serve(url, clock) as served:
        yield served


def session(api: Api, cookie: dict[str, str], path: str = "/ladders") -> BrowserSession | None:
    """Return the session that the application sees for a cookie."""
    return sessions(api, [cookie], path)[0]


def sessions(
    api: Api, cookies: Iterable[dict[str, str]], path: str = "/ladders", method: str = "GET"
) -> list[BrowserSession | None]:
    """Return the sessions that the application sees for simultaneous cookies."""
    scopes = [scope_of(api, cookie, path, method) for cookie in cookies]
    serving = api.application.serving

    async def admit() -> None:
        await asyncio.gather(*(serving.admission(scope, serving.freshness.newest) for scope in scopes))

    asyncio.run(admit())
    found = [scope.get("ladder.session") for scope in scopes]
    assert all(one is None or isinstance(one, BrowserSession) for one in found)
    return found


def scope_of(api: Api, cookie: dict[str, str], path: str, method: str) -> Scope:
    """Return a request as admission sees it: with the facts of its route."""
    lines = [(name.encode(), value.encode()) for name, value in cookie.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": lines, "client": ("testclient", 1)}
    note_facts(scope, api.application.serving.routes.find(path, method))
    return scope


def state(api: Api, cookie: dict[str, str]) -> str | None:
    found = session(api, cookie)
    return None if found is None else found.state


def test_a_session_is_its_keys_with_its_rights(api: Api) -> None:
    ada = visitor(api, "write", "review", ladders=("example-engineering",))
    found = session(api, ada.cookie)
    assert found is not None
    assert found.caller is not None
    assert (found.state, found.caller.via, found.caller.name) == ("open", ada.key_id, "Ada")
    assert found.caller.grants == (Grant(frozenset({"write", "review"}), frozenset({"example-engineering"})),)


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        *(("/", True), ("/ladders", True), ("/ladders/x", True), ("/ladders/x@draft/a/b", True)),
        *(("/search", True), ("/sign-in", True), ("/sign-out", True)),
        *(("/v1", False), ("/v1/ladders/x", False), ("/docs", False), ("/healthz", False)),
        *(("/laddersx", False), ("/sign-in/x", False), ("/openapi.json", False), ("/assets/page.css", False)),
    ],
)
def test_the_cookie_counts_at_pages_of_the_explorer_alone(
    sqlite_databases: Databases, path: str, *, counts: bool
) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url) as api:
        ada = visitor(api, "admin")
        assert (session(api, ada.cookie, path) is not None) is counts


def test_a_session_ends_with_its_time_in_the_middle_of_the_newest_catalog(api: Api, clock: Clock) -> None:
    ada = visitor(api, "read", lasting=timedelta(hours=1))
    clock.moment += timedelta(hours=1) - timedelta(microseconds=1)
    assert state(api, ada.cookie) == "open"
    clock.moment += timedelta(microseconds=1)
    assert state(api, ada.cookie) == "over"


def test_a_session_ends_with_its_key(api: Api, clock: Clock) -> None:
    revoked, rotated = visitor(api, "read"), visitor(api, "read")
    graced = visitor(api, "read")
    expiring = visitor(api, "read", key_lasting=timedelta(minutes=1))
    engine, now = api.application.serving.engine, clock.moment
    with writing(engine) as connection:
        revoke_key(connection, revoked.key_id, now)
        rotate_key(connection, rotated.key_id, now)
        rotate_key(connection, graced.key_id, now, grace=timedelta(minutes=2))
    api.refresh()
    assert [state(api, one.cookie) for one in (revoked, rotated)] == ["over", "over"]
    assert [state(api, one.cookie) for one in (graced, expiring)] == ["open", "open"]
    clock.moment += timedelta(minutes=1)
    assert [state(api, one.cookie) for one in (graced, expiring)] == ["open", "over"]
    clock.moment += timedelta(minutes=1)
    assert state(api, graced.cookie) == "over"


def test_a_key_that_is_known_to_be_revoked_ends_its_session_though_the_row_is_there(api: Api) -> None:
    """The row goes with the key; should one be left, the catalog decides."""
    ada = visitor(api, "read")
    engine, now = api.application.serving.engine, api.application.serving.clock()
    with writing(engine) as connection:
        revoke_key(connection, ada.key_id, now)
        connection.exec_driver_sql(
            "INSERT INTO session (id_sha256, key_id, created_at, expires_at) "  # noqa: S608 - a test\'s own values
            f"SELECT '{hashed(ada.token)}', id, created_at, '2099-01-01T00:00:00.000000Z' "
            f"FROM api_key WHERE id = '{ada.key_id}'"
        )
    api.refresh()
    assert state(api, ada.cookie) == "over"


def hashed(token: str) -> str:
    from hashlib import sha256  # noqa: PLC0415 - here only

    return sha256(token.encode()).hexdigest()


def test_signing_out_elsewhere_holds_for_the_very_next_page(api: Api) -> None:
    ada = visitor(api, "read")
    assert state(api, ada.cookie) == "open"
    ada.sign_out()
    assert state(api, ada.cookie) == "over"


@pytest.mark.parametrize(
    "value",
    ["", "x", NOBODY, "A" * 44, "ü" * 43, "A" * 42 + " ", "A" * 42 + '"', "A" * 100_000],
    ids=lambda value: f"{value[:3]}x{len(value)}",
)
def test_an_invalid_cookie_signs_nobody_in(api: Api, value: str) -> None:
    assert state(api, {"cookie": f"{COOKIE}={value}"}) == ("over" if value == NOBODY else None)


@pytest.mark.parametrize(
    "header",
    [
        "other=1",
        "",
        ";;;",
        COOKIE,
        f"x{COOKIE}={NOBODY}",
        f"{COOKIE.lower()}={NOBODY}",
        f"{COOKIE}x={NOBODY}",
    ],
)
def test_other_cookies_make_no_session(api: Api, header: str) -> None:
    assert state(api, {"cookie": header}) is None


def test_a_key_is_not_a_session_token(api: Api) -> None:
    ada = visitor(api, "admin")
    assert state(api, {"cookie": f"{COOKIE}={ada.key}"}) is None


def test_while_the_database_is_away_nobody_is_signed_in(sqlite_databases: Databases) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url) as api:
        ada = visitor(api, "admin")
        file = Path(url.removeprefix("sqlite:///"))
        file.rename(file.with_suffix(".away"))
        found = session(api, ada.cookie)
        assert found is not None
        assert (found.state, found.caller) == ("unknown", None)
        api.refresh()
        assert state(api, ada.cookie) == "unknown"
        answer = api.client.get("/", headers=ada.cookie)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, PRIVATE)
        assert "set-cookie" not in answer.headers
        file.with_suffix(".away").rename(file)
        api.refresh()
        assert state(api, ada.cookie) == "open"


def test_a_credential_overrides_the_cookie(api: Api) -> None:
    ada, ben = visitor(api, "read"), visitor(api, "read", owner="Ben")
    assert session(api, {**ada.cookie, "authorization": f"Bearer {ben.key}"}) is None
    answer = api.client.get("/", headers={**ada.cookie, "authorization": "Bearer clk_wrong"})
    assert answer.status_code == 401


def test_pages_of_a_visitor_are_not_shared(api: Api) -> None:
    ada = visitor(api, "read")
    keep = api.application.serving.cache
    before = len(keep)
    for _ in range(3):
        answer = api.client.get("/", headers=ada.cookie)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == PRIVATE
        missing = {"etag", "vary", "access-control-allow-origin", "link", "set-cookie", "content-encoding"}
        assert missing.isdisjoint(answer.headers)
    assert len(keep) == before
    public = api.client.get("/")
    assert public.headers["cache-control"] != PRIVATE
    assert len(keep) == before + 1


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_cached_public_page_is_not_given_to_a_visitor(api: Api, method: str) -> None:
    ada = visitor(api, "read")
    public = [api.client.request(method, "/") for _ in range(3)][-1]
    hits = api.application.serving.meter.hits
    for cookie in (ada.cookie, {"cookie": f"a=b; {COOKIE}={NOBODY}"}):
        answer = api.client.request(method, "/", headers={**cookie, "if-none-match": public.headers["etag"]})
        assert (answer.status_code, answer.headers["cache-control"]) == (200, PRIVATE)
    assert api.application.serving.meter.hits == hits
    assert (
        api.client.request(method, "/", headers={"cookie": "a=b"}).headers["etag"] == public.headers["etag"]
    )
    assert api.application.serving.meter.hits == hits + 1


def test_the_cookie_in_a_line_of_its_own_is_seen_too(api: Api) -> None:
    ada = visitor(api, "read")
    api.client.get("/")
    lines = [("cookie", "a=b"), ("cookie", ada.cookie["cookie"]), ("cookie", "c=d")]
    assert api.client.get("/", headers=lines).headers["cache-control"] == PRIVATE


def test_a_cookie_that_is_over_goes_with_the_answer(api: Api) -> None:
    answer = api.client.get("/", headers={"cookie": f"{COOKIE}={NOBODY}"})
    assert (answer.status_code, answer.headers["set-cookie"]) == (200, FORGET)
    assert answer.headers["cache-control"] == PRIVATE


def questions(api: Api) -> list[str]:
    """The statements about sessions that are put to the database from now on."""
    found: list[str] = []

    def note(*about: object) -> None:
        if "session" in str(about[2]):
            found.append(str(about[2]))

    event.listen(api.application.serving.engine, "before_cursor_execute", note)
    return found


@pytest.mark.parametrize("value", ["", "x", "A" * 42, "A" * 44, "A" * 42 + "=", "\u00e4" * 43, "A" * 4000])
def test_a_foreign_cookie_causes_no_query_and_gets_the_cached_page(api: Api, value: str) -> None:
    plain = api.client.get("/")
    asked = questions(api)
    cookie = {b"cookie": f"{COOKIE}={value}".encode("latin-1")}
    answer = api.client.get("/", headers=cookie)
    assert (answer.content, answer.headers["etag"]) == (plain.content, plain.headers["etag"])
    assert "set-cookie" not in answer.headers
    assert asked == []
    ada = visitor(api, "read")
    asked.clear()
    api.client.get("/", headers=ada.cookie)
    assert len(asked) == 1
    gone = api.client.get("/sign-in", headers=cookie)
    assert FORGET in gone.headers.get_list("set-cookie")


def guesses(count: int) -> list[dict[str, str]]:
    """Cookies that look like ours, and are no sessions."""
    return [{"cookie": f"{COOKIE}={number:043}"} for number in range(count)]


def test_a_stranger_who_guesses_is_counted_and_then_not_looked_up_any_more(
    sqlite_databases: Databases,
) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url, rate_failures=2) as api:
        ada, eve = visitor(api, "read"), visitor(api, "read", owner="Eve")
        assert state(api, ada.cookie) == "open"
        assert [state(api, one) for one in guesses(4)] == ["over", "over", "unknown", "unknown"]
        asked = questions(api)
        page = api.client.get("/sign-in", headers=guesses(1)[0])
        assert (page.status_code, page.headers["cache-control"]) == (200, PRIVATE)
        assert COOKIE not in str(page.headers.get_list("set-cookie"))  # it may be good all the same
        assert "We can't check your sign-in right now" in page.text
        assert asked == []
        assert api.client.get("/v1/ladders", headers={"authorization": "Bearer clk_x"}).status_code == 429
        assert state(api, ada.cookie) == "open"
        assert state(api, eve.cookie) == "unknown"  # nobody has seen her here yet
        assert "Signed in as" not in api.client.get("/", headers=eve.cookie).text


def test_many_who_guess_at_once_ask_no_more_than_one_after_the_other(sqlite_databases: Databases) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url, rate_failures=2) as api:
        asked = questions(api)
        found = [one.state for one in sessions(api, guesses(300)) if one is not None]
        assert (found.count("over"), found.count("unknown"), len(asked)) == (2, 298, 2)


def test_sessions_that_turn_out_open_cost_nothing(sqlite_databases: Databases) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url, rate_failures=2) as api:
        cookies = [visitor(api, "read").cookie for _ in range(5)]
        assert [state(api, one) for one in (*cookies, *cookies)] == ["open"] * 10
        assert [state(api, one) for one in guesses(3)] == ["over", "over", "unknown"]


def test_signing_out_works_during_a_flood_of_guesses(sqlite_databases: Databases) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url, rate_failures=1) as api:
        ada = visitor(api, "read")
        sessions(api, guesses(2))
        assert state(api, ada.cookie) == "unknown"
        for method, found in (("GET", "unknown"), ("POST", "open")):
            assert [one and one.state for one in sessions(api, [ada.cookie], "/sign-out", method)] == [found]


def test_no_token_of_a_session_is_kept_in_memory(api: Api) -> None:
    ada = visitor(api, "read")
    assert state(api, ada.cookie) == "open"
    held = [text for text in gc.get_objects() if isinstance(text, OrderedDict) and ada.token in text]
    assert held == []


@pytest.mark.parametrize("path", ["/v1/ladders", EXAMPLE, f"{EXAMPLE}/levels?limit=1", "/docs"])
def test_elsewhere_the_cookie_changes_nothing_and_is_no_hindrance(api: Api, path: str) -> None:
    ada = visitor(api, "admin")
    plain = [api.client.get(path) for _ in range(3)][-1]
    hits = api.application.serving.meter.hits
    answer = api.client.get(path, headers=ada.cookie)
    named = {"x-request-id": ""}
    assert answer.content == plain.content
    assert {**answer.headers, **named} == {**plain.headers, **named}
    assert api.application.serving.meter.hits - hits == (1 if path.startswith("/v1") else 0)


def test_the_api_ignores_cookies(api: Api) -> None:
    ada = visitor(api, "admin")
    hide(api.application.serving.engine, "example-engineering")
    api.refresh()
    for path, status in ((EXAMPLE, 404), (f"{EXAMPLE}@draft", 401), ("/v1/audit", 401)):
        assert api.client.get(path, headers=ada.cookie).status_code == status
    written = api.client.delete(f"{EXAMPLE}@draft", headers=ada.cookie)
    assert written.status_code == 401


def test_two_services_on_one_host_have_two_cookies() -> None:
    assert (session_cookie(""), form_cookie("")) == ("__Host-ladder-session", "__Host-ladder-form")
    assert session_cookie("/career") != session_cookie("/other")
    assert session_cookie("/career").startswith("__Host-ladder-session-")


def test_behind_a_prefix_the_pages_know_their_visitors(sqlite_databases: Databases) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url, root_path="/career") as api:
        ada = visitor(api, "read")
        cookie = {"cookie": f"{session_cookie('/career')}={ada.token}"}
        for path in ("/career/", "/", "/career"):
            api.client.get(path)
            answer = api.client.get(path, headers=cookie)
            assert (answer.status_code, answer.headers["cache-control"]) == (200, PRIVATE), path
        assert api.client.get("/career/", headers=ada.cookie).headers["cache-control"] != PRIVATE
        plain: TestClient = api.client
        assert plain.get("/career/v1/ladders", headers=cookie).headers["cache-control"] != PRIVATE
