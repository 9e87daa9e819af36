"""The layer: it runs a route once for simultaneous requests, caches no error, and shares nothing between views."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors import Conflict
from app.main import Application
from app.serving.answers.answer import answer_of
from app.serving.answers.answer_cache import AnswerCache
from app.serving.answers.layer import Layer
from app.serving.answers.metrics import Meter
from app.serving.callers import ANYONE, Caller
from app.serving.releases.catalog import Catalog
from app.serving.releases.database import Database
from app.serving.releases.freshness import Freshness
from app.serving.releases.loaded_releases import LoadedReleases
from app.serving.route_table import RouteTable
from app.store.access.keys import create_key
from app.store.engine import open_engine, writing
from tests.databases import SqliteDatabases
from tests.serving.asgi import Reply, ask, started
from tests.serving.hiding import hide
from tests.store.samples import release, small

DOCUMENT: Final = "/v1/ladders/netflix-engineering/document"
LEVEL: Final = "/v1/ladders/netflix-engineering@1.0.0/levels/l5"
URLS: Final = (
    DOCUMENT,
    LEVEL,
    "/v1/ladders",
    "/v1/ladders/netflix-engineering@latest/competencies?limit=3",
    "/v1/ladders/example-engineering/releases",
    "/v1/ladders/netflix-engineering/releases/1.0.0/content",
    "/v1",
    "/openapi.json",
    "/docs",
)
Scenario = Callable[[Application], Coroutine[Any, Any, None]]


def on_seeds(databases: SqliteDatabases, scenario: Scenario) -> None:
    async def play(url: str) -> None:
        async with started(url) as application:
            await scenario(application)

    with databases.fresh("seeded") as url:
        asyncio.run(play(url))


def test_a_hundred_first_reads_of_one_url_run_its_route_once(sqlite_databases: SqliteDatabases) -> None:
    async def scenario(application: Application) -> None:
        encodings = [[(b"accept-encoding", coding)] for coding in (b"gzip", b"br", b"zstd", b"identity")]
        replies = await asyncio.gather(*(ask(application, DOCUMENT, headers) for headers in encodings * 25))
        assert {reply.status for reply in replies} == {200}
        assert len({reply.header(b"etag") for reply in replies}) == 4
        assert len({reply.body for reply in replies}) == 4
        assert application.serving.meter.misses == 1

    on_seeds(sqlite_databases, scenario)


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/v1/ladders/netflix-engineering/levels/none", 404),
        ("/v1/ladders/none", 404),
        (f"{DOCUMENT}?fields=none", 422),
    ],
)
def test_an_error_is_never_kept(sqlite_databases: SqliteDatabases, url: str, status: int) -> None:
    async def scenario(application: Application) -> None:
        for _ in range(3):
            reply = await ask(application, url)
            assert (reply.status, reply.header(b"cache-control")) == (status, b"no-store")
        assert (application.serving.meter.misses, len(application.serving.cache)) == (3, 0)

    on_seeds(sqlite_databases, scenario)


@pytest.mark.parametrize("url", URLS)
def test_hot_and_first_reads_give_the_same_response(sqlite_databases: SqliteDatabases, url: str) -> None:
    """For each coding, GET and HEAD, and for whoever knows the answer already."""

    async def scenario(application: Application) -> None:
        for coding in (b"identity", b"gzip", b"br", b"zstd"):
            asked = [(b"accept-encoding", coding)]
            first = await ask(application, url, asked)
            known = [*asked, (b"if-none-match", first.header(b"etag") or b"")]
            for method, headers in (("GET", asked), ("HEAD", asked), ("GET", known), ("HEAD", known)):
                hits = application.serving.meter.hits
                hot = await ask(application, url, headers, method=method)
                assert application.serving.meter.hits == hits + 1
                # A request that expects something goes the long way.
                long = await ask(application, url, [*headers, (b"expect", b"nothing")], method=method)
                assert application.serving.meter.hits == hits + 1
                assert hot.lasting == long.lasting
                _agrees(first, hot, head=method == "HEAD", known=headers is known)

    on_seeds(sqlite_databases, scenario)


def _agrees(first: Reply, other: Reply, *, head: bool, known: bool) -> None:
    if known:
        repeated = {b"etag", b"cache-control", b"vary", b"link"} & {name for name, _ in first.headers}
        assert (other.status, other.body) == (304, b"")
        assert {name: other.header(name) for name in repeated} == {
            name: first.header(name) for name in repeated
        }
    else:
        assert (other.status, other.lasting[1]) == (200, first.lasting[1])
        assert other.body == (b"" if head else first.body)


def test_a_question_mark_in_a_path_is_not_a_query(sqlite_databases: SqliteDatabases) -> None:
    async def scenario(application: Application) -> None:
        for _ in range(2):
            assert (await ask(application, f"{LEVEL}?fields=title")).status == 200
            assert (await ask(application, f"{LEVEL}%3Ffields=title")).status == 404

    on_seeds(sqlite_databases, scenario)


def test_each_response_has_its_own_request_id_or_that_of_the_client(
    sqlite_databases: SqliteDatabases,
) -> None:
    async def scenario(application: Application) -> None:
        ids = [(await ask(application, LEVEL)).header(b"x-request-id") for _ in range(50)]
        assert len(set(ids)) == 50
        for given, kept in ((b"mine-1", True), (b"not fit", False)):
            reply = await ask(application, LEVEL, [(b"x-request-id", given)])
            assert (reply.header(b"x-request-id") == given) is kept

    on_seeds(sqlite_databases, scenario)


class Everyone:
    """Admits all callers as somebody unknown."""

    limits_reads = False

    async def __call__(self, _scope: Scope, _catalog: Catalog | None, /) -> Caller:
        """Somebody unknown."""
        return ANYONE

    def may_read(self, _scope: Scope, _bucket: str, /) -> bool:
        """True: there is no limit."""
        return True


def layer_over(app: ASGIApp) -> tuple[Layer, Meter]:
    """A layer around an application of the test, which uses no database."""
    engine = open_engine("sqlite:////dev/null")
    freshness = Freshness(engine, lambda: datetime.now(UTC), 1)
    meter = Meter(AnswerCache(10_000_000), LoadedReleases(Database(engine, lambda: None), 1))
    layer = Layer(
        app,
        freshness,
        AnswerCache(10_000_000),
        RouteTable(),
        "",
        meter,
        admit=Everyone(),
    )
    return layer, meter


def route(answers: Callable[[Scope], Awaitable[bytes]]) -> ASGIApp:
    """An application whose every answer may be kept."""

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        answer_of(scope).fixed = True
        body = await answers(scope)
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]}
        )
        await send({"type": "http.response.body", "body": body})

    return app


def test_if_the_first_run_fails_the_waiting_requests_run_at_the_same_time() -> None:
    async def answers(_: Scope) -> bytes:
        await asyncio.sleep(0.1)
        raise Conflict("Not now.")

    async def scenario() -> None:
        layer, meter = layer_over(route(answers))
        began = time.perf_counter()
        replies = await asyncio.gather(*(ask(layer, "/") for _ in range(50)))
        assert ({reply.status for reply in replies}, meter.misses) == ({409}, 50)
        assert time.perf_counter() - began < 1  # one after the other would take five seconds

    asyncio.run(scenario())


@pytest.mark.parametrize("url", ["/v1/ladders", "/v1/ladders/hidden", "/v1/ladders/hidden@1.0.0/levels/l1"])
def test_views_are_never_shared(sqlite_databases: SqliteDatabases, url: str) -> None:
    """Compare two views of one URL, cold and hot: the bodies differ, and each view's route runs once."""

    async def scenario(application: Application) -> None:
        bearer = with_hidden_ladder(application)
        seen, unseen = await ask(application, url, bearer), await ask(application, url)
        assert (seen.status, seen.body != unseen.body) == (200, True)
        misses = application.serving.meter.misses
        replies = await asyncio.gather(*(ask(application, url, view) for view in [bearer, []] * 20))
        assert [reply.body.partition(b"request_id")[0] for reply in replies] == [
            seen.body,
            unseen.body.partition(b"request_id")[0],
        ] * 20
        assert application.serving.meter.misses - misses == (0 if unseen.status == 200 else 20)
        refused = await ask(application, url, [(b"authorization", b"Bearer wrong")])
        assert refused.status == 401

    on_seeds(sqlite_databases, scenario)


def with_hidden_ladder(application: Application) -> list[tuple[bytes, bytes]]:
    """Publish an internal ladder; gives the header of a key that sees it."""
    serving = application.serving
    release(serving.engine, small("hidden"))
    with writing(serving.engine) as connection:
        key, _ = create_key(connection, "ada", ["read"], serving.clock(), ladders=["hidden"])
    hide(serving.engine, "hidden")
    serving.freshness.refresh()
    return [(b"authorization", f"Bearer {key}".encode())]


def test_a_defect_is_a_500_without_details() -> None:
    async def answers(_: Scope) -> bytes:
        raise RuntimeError("secret")

    async def scenario() -> None:
        layer, meter = layer_over(route(answers))
        for _ in range(2):
            reply = await ask(layer, "/")
            assert (reply.status, b"secret" in reply.body) == (500, False)
        assert meter.misses == 2

    asyncio.run(scenario())


@pytest.mark.parametrize("url", ["/v1", "/openapi.json", "/docs"])
def test_urls_that_read_no_ladder_are_served_before_first_contact(tmp_path: Path, url: str) -> None:
    async def play() -> None:
        async with started(f"sqlite:///{tmp_path}/none.db") as application:
            replies = [await ask(application, url) for _ in range(2)]
            assert [reply.status for reply in replies] == [200, 200]
            assert (await ask(application, "/v1/ladders")).status == 503

    asyncio.run(play())
