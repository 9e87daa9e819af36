"""Refusals as pages: problem details in the words of a page, for browsers that asked for one.

The problem is made where all problems are made, and this only shows it. Whoever does not ask for HTML by name gets
the problem details themselves.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from starlette.types import Scope

from app.errors import MethodNotAllowed, Unauthenticated
from app.serving.access.visits import SIGN_IN, is_place, visit_of
from app.serving.answers.outgoing import Captured
from app.serving.answers.problems import MEDIA_TYPE
from app.web.layout.account import account_of
from app.web.layout.forms import here, safe_next
from app.web.layout.frame import Frame
from app.web.layout.rendering import HEADERS, render
from app.web.pages.sign_in_form import sign_in_page

_HTML: Final = re.compile(rb"(?:^|,)\s*text/html\s*(?:,|;|$)")
_MEANT: Final = re.compile(r" Did you mean (.+)\?")
_NAME: Final = re.compile(r"'([a-z0-9-]+)'")
_HOW: Final = re.compile(r" Send it as .+")
"""What a program does about it; people sign in."""
_LADDER: Final = re.compile(r"/ladders/[^/]+")
_MACHINES: Final = ("/v1", "/openapi.json", "/healthz", "/readyz", "/.well-known/", "/assets/")
"""What begins like this is no page."""


@dataclass(frozen=True, slots=True)
class Presenter:
    """Turns refusals into pages."""

    root: str
    """The prefix of all URLs."""

    def __call__(self, scope: Scope, captured: Captured) -> Captured:
        """The page for a refusal of a page; anything else as it is."""
        path: str = scope["path"]
        if path.startswith(_MACHINES) or (b"content-type", MEDIA_TYPE) not in captured.headers:
            return captured
        if not any(name == b"accept" and _HTML.search(value) for name, value in scope["headers"]):
            return captured
        problem = json.loads(captured.body)
        if problem["status"] == Unauthenticated.status and self._may_sign_in(scope):
            page = sign_in_page(self.root, scope, self._following(scope), _HOW.sub("", problem["detail"]))
            return _as_page(captured, page.html, [(b"set-cookie", page.cookie.encode())])
        following = self._following(scope)
        html = render(
            "refusal.html",
            frame=Frame(
                self.root, problem["title"], account=account_of(self.root, visit_of(scope), following)
            ),
            problem=problem,
            faults=problem.get("errors", ()),
            detail=_MEANT.sub("", problem["detail"]),
            meant=self._meant(path, problem),
            up=self._up(path, problem["status"]),
        )
        return _as_page(captured, html)

    @staticmethod
    def _may_sign_in(scope: Scope) -> bool:
        """Whether a cookie would help: at a page of the explorer, where no credential was sent."""
        path: str = scope["path"]
        sent = any(name == b"authorization" for name, _ in scope["headers"])
        return not sent and (path == SIGN_IN or is_place(path))

    def _following(self, scope: Scope) -> str:
        """Where to go after signing in: where the form was to lead, else the page that was asked for."""
        path, query = scope["path"], scope["query_string"].decode("latin-1")
        if path == SIGN_IN:
            return safe_next(self.root, dict(parse_qsl(query)).get("next", ""))
        return safe_next(self.root, here(self.root, path, query))

    def _meant(self, path: str, problem: dict[str, str]) -> tuple[tuple[str, str], ...]:
        """The near names that a detail proposes, and their pages: the word that is wrong is in the path."""
        said = _MEANT.search(problem["detail"])
        wrong = _NAME.search(problem["detail"].partition(" Did you mean ")[0])
        if said is None or wrong is None:
            return ()
        parts = path.split("/")
        places = [place for place, part in enumerate(parts) if part.partition("@")[0] == wrong.group(1)]
        if not places:
            return ()
        found = []
        for name in _NAME.findall(said.group(1)):
            there = [*parts[: places[0]], name, *parts[places[0] + 1 :]]
            found.append((name, self.root + "/".join(there)))
        return tuple(found)

    def _up(self, path: str, status: int) -> str | None:
        """The ladder's own page, where something within it was asked for."""
        within = _LADDER.match(path)
        deeper = within is not None and within.end() < len(path)
        return self.root + within.group() if within and deeper and status != MethodNotAllowed.status else None


def _as_page(captured: Captured, html: str, more: Iterable[tuple[bytes, bytes]] = ()) -> Captured:
    """A refusal in the form of a page."""
    kept = [pair for pair in captured.headers if pair[0] not in {b"content-type", b"vary"}]
    varies = [value for name, value in captured.headers if name == b"vary"]
    kept += [
        (b"content-type", b"text/html; charset=utf-8"),
        *((name.encode(), value.encode()) for name, value in HEADERS.items()),
        (b"vary", b", ".join([*varies, b"accept"])),
        *more,
    ]
    return Captured(captured.status, kept, html.encode())
