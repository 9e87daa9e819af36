"""Which methods a path takes, over all routes; needed for `Allow`, which the router would tell of one route."""

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import Final

from fastapi import FastAPI

_PARAMETER: Final = re.compile(r"\{[^}]+\}")
_READS: Final = frozenset({"GET", "HEAD"})


def allowed_methods(app: FastAPI) -> Callable[[str], frozenset[str]]:
    """A function from a path (without the prefix) to the methods it takes; none where nothing is there.

    The table is made when it is first asked: it needs the OpenAPI document, and no start should wait for that.
    """

    @cache
    def table() -> tuple[tuple[re.Pattern[str], frozenset[str]], ...]:
        return (*_documented(app), *((re.compile(path), _READS) for path in _undocumented()))

    @lru_cache(maxsize=1024)
    def allowed(path: str) -> frozenset[str]:
        found = (methods for pattern, methods in table() if pattern.fullmatch(path))
        return frozenset().union(*found)

    return allowed


def _documented(app: FastAPI) -> Iterable[tuple[re.Pattern[str], frozenset[str]]]:
    for path, operations in app.openapi()["paths"].items():
        methods = {method.upper() for method in operations}
        if "GET" in methods:
            methods.add("HEAD")
        parts = _PARAMETER.split(path)
        yield re.compile("[^/]+".join(re.escape(part) for part in parts)), frozenset(methods)


def _undocumented() -> tuple[str, ...]:
    """Pages for people, which the OpenAPI document leaves out."""
    return ("/", "/docs", "/redoc", r"/openapi\.json", "/assets/.+", "/problems(/[^/]+)?")
