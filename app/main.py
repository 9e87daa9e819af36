"""The application, which is built here from the settings.

Servers use `create_app` as a factory (`uvicorn --factory app.main:create_app`). It returns the thin layer of
`serving/` with FastAPI behind it, and a table with the metadata of all routes.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from fastapi import APIRouter, FastAPI

from app.api import health, root
from app.api.access import keys, people
from app.api.content import (
    competencies,
    document,
    examples,
    expectations,
    facets,
    faqs,
    levels,
    pages,
    scales,
    tips,
    tracks,
)
from app.api.content import ladder as ladder_writes
from app.api.ladders import (
    audit,
    drafts,
    ladders,
    publishing,
    release_events,
    releases,
    review_entries,
    reviews,
)
from app.api.ladders import entities_by_uuid as entities
from app.api.ladders import settings as ladder_settings
from app.api.openapi.document import describe
from app.api.protocol.problems import handle_failures
from app.api.protocol.routing import add_routers, routes_of
from app.api.tables import exports, imports, tables, workbook
from app.api.views import compare, diff, effective, findings, gap, matrix, next_level, pictures, search
from app.logs import configure_logs
from app.serving.answers.layer import Layer
from app.serving.route_table import RouteTable
from app.serving.serving import Serving
from app.settings import Settings
from app.web.errors import Presenter
from app.web.layout.rendering import prepare
from app.web.routes import PAGES
from app.web.translation.languages import LANGUAGES

_RESOURCES = (
    ladders,
    drafts,
    ladder_writes,
    document,
    findings,
    tracks,
    levels,
    effective,
    next_level,
    gap,
    competencies,
    facets,
    expectations,
    matrix,
    tables,
    workbook,
    exports,
    imports,
    compare,
    examples,
    scales,
    faqs,
    tips,
    pages,
    pictures,
    releases,
    publishing,
    release_events,
    diff,
    search,
    reviews,
    review_entries,
    ladder_settings,
    entities,
    people,
    keys,
    audit,
)
"""The routers, in the order of the documentation."""


def now() -> datetime:
    """Return the current time in UTC. This is the only clock of the application."""
    return datetime.now(UTC)


class Application(Layer):
    """The layer with FastAPI behind it, as one ASGI application."""

    def __init__(self, api: FastAPI, serving: Serving) -> None:
        super().__init__(
            api,
            serving.freshness,
            serving.cache,
            serving.routes,
            serving.settings.root_path,
            serving.meter,
            admit=serving.admission,
            base_url=serving.settings.base_url,
            languages=LANGUAGES,
            log_hits=serving.settings.access_log == "all",
            present=Presenter(
                serving.settings.root_path,
                serving.routes,
                serving.settings.oidc_label if serving.settings.oidc_client_id else None,
                serving.settings.contact,
            ),
        )
        self.serving = serving


def create_api(settings: Settings, *more: APIRouter) -> FastAPI:
    """Return FastAPI with every route, described, and with routers of your own if you give any.

    It cannot answer requests before `create_app` has given it something to serve.
    """
    api = FastAPI(
        title="Career Ladder API",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=_live,
    )
    routers = tuple(_routers(more))
    add_routers(api, routers)
    handle_failures(api)
    api.state.routes = RouteTable(route for router in routers for route in routes_of(router))
    describe(api, settings.base_url)
    return api


def _routers(more: tuple[APIRouter, ...]) -> Iterator[APIRouter]:
    for resource in (root, *_RESOURCES, health):
        yield resource.router
    yield from more
    for page in PAGES:
        yield page.router


def create_app(
    settings: Settings | None = None, clock: Callable[[], datetime] = now, *more: APIRouter
) -> Application:
    """Build the application, with routers of your own if you give any; it connects to nothing yet.

    Without settings it reads them from the environment. Raises as `Settings.read`.
    """
    settings = settings or Settings.read()
    configure_logs(settings.log_level)
    api = create_api(settings, *more)
    api.state.serving = Serving.of(settings, clock, api.state.routes)
    return Application(api, api.state.serving)


@asynccontextmanager
async def _live(api: FastAPI) -> AsyncIterator[None]:
    """Start what the application serves from, keep it fresh, and close it with the server."""
    serving: Serving = api.state.serving
    await serving.start()
    watching = asyncio.create_task(serving.watch())
    readying = asyncio.create_task(asyncio.to_thread(get_ready, api))
    try:
        yield
    finally:
        await readying
        serving.freshness.stop()
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        await serving.close()


def get_ready(api: FastAPI) -> None:
    """Let FastAPI analyse its routes, and compile the templates, so that the first request does not wait for it."""
    nowhere = {"type": "http", "method": "GET", "path": "/nowhere", "root_path": "", "headers": []}
    for route in api.routes:
        route.matches(dict(nowhere))
    prepare()
