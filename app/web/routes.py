"""All pages, in the order in which a path is matched."""

import re
from typing import Final

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute

from app.web.navigation import redirects, release_switch
from app.web.navigation.query_values import refuse_repeated
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
    """Add the routes of all pages."""
    for page in _PAGES:
        app.include_router(page.router, dependencies=[Depends(refuse_repeated)])


def page_paths() -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the path of each page's route, as a regular expression, and its methods."""
    routers: tuple[APIRouter, ...] = tuple(page.router for page in _PAGES)
    routes = (route for router in routers for route in router.routes if isinstance(route, APIRoute))
    return tuple((_pattern(route.path), frozenset(route.methods or ())) for route in routes)


def _pattern(path: str) -> str:
    return re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(path))
