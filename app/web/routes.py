"""Every page, in the order in which a path is looked up."""

import re
from typing import Final

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute

from app.api.protocol.parameters import refuse_surprises
from app.web.navigation import redirects, release_switch
from app.web.pages import (
    assets,
    compare,
    competency,
    diff,
    docs,
    findings,
    home,
    ladder,
    level,
    matrix,
    pictures,
    printout,
    problems,
    questions,
    releases,
    search,
    sign_in,
    texts,
)

_PAGES: Final = (
    home,
    ladder,
    level,
    matrix,
    compare,
    competency,
    questions,
    texts,
    printout,
    search,
    releases,
    diff,
    findings,
    docs,
    problems,
    sign_in,
    pictures,
    assets,
    release_switch,
    redirects,
)


def add_pages(app: FastAPI) -> None:
    """Serve all pages."""
    for page in _PAGES:
        app.include_router(page.router, dependencies=[Depends(refuse_surprises)])


def page_paths() -> tuple[tuple[str, frozenset[str]], ...]:
    """The path of each page's route, as a regular expression, and its methods."""
    routers: tuple[APIRouter, ...] = tuple(page.router for page in _PAGES)
    routes = (route for router in routers for route in router.routes if isinstance(route, APIRoute))
    return tuple((_pattern(route.path), frozenset(route.methods or ())) for route in routes)


def _pattern(path: str) -> str:
    return re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(path))
