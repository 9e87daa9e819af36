"""The application: everything is built here, from settings, and nowhere else.

Servers use `create_app` as a factory (`uvicorn --factory app.main:create_app`). What they get is the thin layer
of `serving/` with FastAPI behind it.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import cache

from fastapi import FastAPI
from starlette.routing import Router
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api import health, root
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
from app.api.ladders import audit, drafts, ladders, publishing, releases, reviews
from app.api.ladders import entities_by_uuid as entities
from app.api.ladders import settings as ladder_settings
from app.api.openapi.document import describe
from app.api.protocol.methods import allowed_methods
from app.api.protocol.problems import handle_failures
from app.api.protocol.routing import add_routes
from app.api.views import compare, diff, effective, findings, gap, matrix, next_level, pictures, search
from app.logs import configure_logs
from app.serving.answers.layer import Layer
from app.serving.serving import SCOPE_KEY, Serving
from app.settings import Settings
from app.web.errors import Presenter
from app.web.layout.rendering import prepare
from app.web.routes import add_pages, page_paths

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
    compare,
    examples,
    scales,
    faqs,
    tips,
    pages,
    pictures,
    releases,
    publishing,
    diff,
    search,
    reviews,
    ladder_settings,
    entities,
    audit,
)
"""In the order in which the docs show them."""


def now() -> datetime:
    """The present moment in UTC: the only clock of the application."""
    return datetime.now(UTC)


class Application(Layer):
    """The layer with FastAPI behind it, as one ASGI application."""

    def __init__(self, api: FastAPI, serving: Serving) -> None:
        super().__init__(
            _serve(api, serving),
            serving.freshness,
            serving.keep,
            api.state.allowed,
            serving.settings.root_path,
            serving.meter,
            admit=serving.admission,
            log_hits=serving.settings.access_log == "all",
            present=Presenter(serving.settings.root_path),
        )
        self.serving = serving


def create_api(settings: Settings) -> FastAPI:
    """FastAPI with every route, described; it answers nothing before `create_app` gives it something to serve.

    It knows nothing of what is served, so all applications of a process that have one root path share one.
    """
    return _built(settings.root_path)


@cache
def _built(root_path: str) -> FastAPI:
    api = FastAPI(
        title="Career Ladder API",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    for resource in (root, *_RESOURCES, health):
        add_routes(api, resource.router)
    add_pages(api)
    handle_failures(api)
    describe(api, root_path)
    api.state.allowed = allowed_methods(api, page_paths())
    return api


def create_app(settings: Settings | None = None, clock: Callable[[], datetime] = now) -> Application:
    """Build the application. Reads the settings from the environment where none are given; connects to nothing.

    Raises as `Settings.read`.
    """
    settings = settings or Settings.read()
    configure_logs(settings.log_level)
    return Application(create_api(settings), Serving.of(settings, clock))


def _serve(api: FastAPI, serving: Serving) -> ASGIApp:
    """Let every request find what it is served from in its scope, and start and end that with the server."""
    life = Router(lifespan=lambda _: _live(api, serving))

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await life.lifespan(scope, receive, send)
            return
        scope[SCOPE_KEY] = serving
        await api(scope, receive, send)

    return answer


@asynccontextmanager
async def _live(api: FastAPI, serving: Serving) -> AsyncIterator[None]:
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
    """Let FastAPI work out its routes, and compile templates: work that the first to ask would wait for."""
    nowhere = {"type": "http", "method": "GET", "path": "/nowhere", "root_path": "", "headers": []}
    for route in api.routes:
        route.matches(dict(nowhere))
    prepare()
