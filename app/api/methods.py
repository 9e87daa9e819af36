"""Which methods a path takes, over all routes; needed for `Allow`, which the router would tell of one route."""

import re
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache
from typing import Final, NamedTuple

from fastapi import FastAPI

from app.api.wayfinding import ONLY_AT_DRAFT, names_draft

_PARAMETER: Final = re.compile(r"\{[^}]+\}")
_READS: Final = frozenset({"GET", "HEAD"})
_OPENAPI: Final = r"/openapi\.json"


def allowed_methods(
    app: FastAPI, pages: Sequence[tuple[str, frozenset[str]]] = ()
) -> Callable[[str], frozenset[str]]:
    """A function from a path (without the prefix) to the methods it takes; none where nothing is there.

    `pages` are the pages for people, which the OpenAPI document leaves out: a regular expression of the path, and
    the methods, of each route.
    The table is made when it is first asked: it needs the OpenAPI document, and no start should wait for that.
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
    for path, operations in app.openapi()["paths"].items():
        at_draft = {method.upper() for method, said in operations.items() if said.get(ONLY_AT_DRAFT)}
        methods = {method.upper() for method in operations} - at_draft
        parts = _PARAMETER.split(path)
        pattern = re.compile("[^/]+".join(re.escape(part) for part in parts))
        yield _Path(pattern, _with_head(methods), frozenset(at_draft))


def _with_head(methods: AbstractSet[str]) -> frozenset[str]:
    """With HEAD wherever GET is."""
    return frozenset(methods | _READS if "GET" in methods else methods)
