"""Which methods a path takes, over all routes; needed for `Allow`, which the router would tell of one route."""

import re
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache
from itertools import groupby
from typing import Final, NamedTuple

from fastapi import FastAPI
from fastapi.routing import APIRoute

from app.api.protocol.draft_hint import ONLY_AT_DRAFT, names_draft

_PARAMETER: Final = re.compile(r"\{[^}]+\}")
_READS: Final = frozenset({"GET", "HEAD"})
_OPENAPI: Final = r"/openapi\.json"


def allowed_methods(
    app: FastAPI, pages: Sequence[tuple[str, frozenset[str]]] = ()
) -> Callable[[str], frozenset[str]]:
    """A function from a path (without the prefix) to the methods it takes; none where nothing is there.

    `pages` are the pages for people, which the OpenAPI document leaves out: a regular expression of the path, and
    the methods, of each route.
    The table is made when it is first asked: no start should wait for so many regular expressions.
    """

    @cache
    def table() -> tuple[_Path, ...]:
        known = ((_OPENAPI, _READS), *pages)
        unsaid = (_Path(re.compile(path), _with_head(methods), frozenset()) for path, methods in known)
        return (*_documented(app), *unsaid)

    @lru_cache(maxsize=1024)
    def allowed(path: str) -> frozenset[str]:
        at_draft = names_draft(path)
        found = (known for known in table() if known.pattern.fullmatch(path))
        return frozenset().union(
            *(known.methods | known.at_draft if at_draft else known.methods for known in found)
        )

    return allowed


class _Path(NamedTuple):
    """A path of the application, with the methods it takes."""

    pattern: re.Pattern[str]
    methods: frozenset[str]
    at_draft: frozenset[str]
    """Those that it takes only where it names a draft."""


def _documented(app: FastAPI) -> Iterable[_Path]:
    routes = (route for route in app.routes if isinstance(route, APIRoute) and route.include_in_schema)
    for path, found in groupby(sorted(routes, key=_path), _path):
        methods: dict[bool, set[str]] = {True: set(), False: set()}
        for route in found:
            methods[ONLY_AT_DRAFT in (route.openapi_extra or {})].update(route.methods or ())
        pattern = re.compile("[^/]+".join(re.escape(part) for part in _PARAMETER.split(path)))
        yield _Path(pattern, _with_head(methods[False]), frozenset(methods[True]))


def _path(route: APIRoute) -> str:
    return route.path_format


def _with_head(methods: AbstractSet[str]) -> frozenset[str]:
    """With HEAD wherever GET is."""
    return frozenset(methods | _READS if "GET" in methods else methods)
