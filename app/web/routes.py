"""Every page, in the order in which a path is looked up."""

import re
from typing import Final

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute

from app.api.parameters import refuse_surprises
from app.web import (
    assets,
    compare,
    competency,
    diff,
    docs,
    elsewhere,
    guidance,
    home,
    ladder,
    level,
    matrix,
    problems,
    releases,
    search,
    texts,
    whole,
)

_PAGES: Final = (
    home,
    ladder,
    level,
    matrix,
    compare,
    competency,
    guidance,
    texts,
    whole,
    search,
    releases,
    diff,
    docs,
    problems,
    assets,
    elsewhere,
)


def add_pages(app: FastAPI) -> None:
    """Serve all pages."""
    for page in _PAGES:
        app.include_router(page.router, dependencies=[Depends(refuse_surprises)])


def page_paths() -> tuple[str, ...]:
    """The paths of all pages, as regular expressions."""
    routers: tuple[APIRouter, ...] = tuple(page.router for page in _PAGES)
    paths = (route.path for router in routers for route in router.routes if isinstance(route, APIRoute))
    return tuple(re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(path)) for path in paths)
