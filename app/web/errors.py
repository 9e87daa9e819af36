"""Error pages: problem details shown as a page, for browsers that ask for HTML.

Clients that do not ask for HTML by name get the problem details themselves.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from starlette.types import Scope

from app.errors import Forbidden, MethodNotAllowed, Unauthenticated
from app.serving.access.session_cookie import SESSION_KEY
from app.serving.answers.answer import SCOPE_KEY, Answer
from app.serving.answers.problems import MEDIA_TYPE
from app.serving.answers.request import language_in
from app.serving.answers.response_headers import Captured
from app.serving.route_table import RouteTable, facts_in
from app.web.layout.account import account_of, no_groups_words
from app.web.layout.forms import page_url, safe_next
from app.web.layout.frame import Frame
from app.web.layout.rendering import HEADERS, render
from app.web.navigation.urls import SIGN_IN
from app.web.pages.site.sign_in_form import sign_in_page
from app.web.translation.languages import LANGUAGES
from app.web.translation.messages import N_

_HTML: Final = re.compile(rb"(?:^|,)\s*text/html\s*(?:,|;|$)")
_DID_YOU_MEAN: Final = re.compile(r" Did you mean (.+)\?")
_NAME: Final = re.compile(r"'([a-z0-9-]+)'")
_ADVICE: Final = re.compile(r" Send it as .+")
"""The advice for programs. People sign in instead."""
_SIGN_IN_FIRST: Final = N_("You need to sign in to read this page.")
_SIGN_IN_AGAIN: Final = N_("Your session has ended. Sign in again, and your text comes back.")
_NO_PATH: Final = "This path does not exist"
_NO_PAGE: Final = N_("There is no page at this address. Check the address, or start from one of these pages.")
"""The words of a page for a path without a route."""
_NO_RIGHT: Final = b"insufficient_scope"
_SOMEONE: Final = N_("an administrator")
_LADDER: Final = re.compile(r"/ladders/[^/]+")
_EDIT: Final = re.compile(r"/(edit|remove|discard|import(/[^/]+)?)$|^/(new|people)(/|$)")
"""The paths of pages that change something, or their ends."""
_DRAFT: Final = re.compile(r"/ladders/[^/]+@draft(/|$)")


@dataclass(frozen=True, slots=True)
class Presenter:
    """A function that turns problem details into error pages."""

    root: str
    """The prefix of all URLs."""
    routes: RouteTable
    label: str | None = None
    """Name of the issuer where people sign in; None if they sign in with keys only."""
    contact: str = ""
    """Person or address to ask for rights; empty for "an administrator"."""

    def __call__(self, scope: Scope, captured: Captured) -> Captured:
        """Return the error page for a failed page; return any other response unchanged."""
        path: str = scope["path"]
        if (
            path.startswith(self.routes.machine_paths)
            or (b"content-type", MEDIA_TYPE) not in captured.headers
        ):
            return captured
        if not any(name == b"accept" and _HTML.search(value) for name, value in scope["headers"]):
            return captured
        problem = json.loads(captured.body)
        if problem["status"] == Unauthenticated.status and self._may_sign_in(scope):
            first = _SIGN_IN_AGAIN if _kept_page(scope) else _SIGN_IN_FIRST
            reason = _ADVICE.sub("", problem["detail"]) if path == SIGN_IN else first
            page = sign_in_page(self.root, scope, self._next_url(scope), reason, label=self.label)
            return _as_page(captured, page.html, [(b"set-cookie", page.cookie.encode())])
        next_url = self._next_url(scope)
        html = render(
            "refusal.html",
            frame=Frame(
                self.root,
                N_(problem["title"]),
                account=account_of(self.root, scope.get(SESSION_KEY), next_url),
                language=language_in(scope, LANGUAGES[0]),
            ),
            problem=problem,
            faults=problem.get("errors", ()),
            detail=_detail(path, captured, problem["detail"], self.contact or _SOMEONE),
            why=no_groups_words(scope.get(SESSION_KEY)) if problem["status"] == Forbidden.status else None,
            suggestions=self._suggestions(path, problem),
            up=self._up(path, problem["status"]),
        )
        return _as_page(captured, html)

    @staticmethod
    def _may_sign_in(scope: Scope) -> bool:
        """Tell whether signing in could help: on a page of the explorer, if no credential was sent."""
        path: str = scope["path"]
        sent = any(name == b"authorization" for name, _ in scope["headers"])
        return not sent and (path == SIGN_IN or facts_in(scope).page)

    def _next_url(self, scope: Scope) -> str:
        """Return the page to go to after signing in: the one that the form leads to, else the requested page."""
        path, query = scope["path"], scope["query_string"].decode("latin-1")
        kept = _kept_page(scope)
        if kept is not None:
            return safe_next(self.routes, self.root, kept)
        if path == SIGN_IN:
            return safe_next(self.routes, self.root, dict(parse_qsl(query)).get("next", ""))
        return safe_next(self.routes, self.root, page_url(self.root, path, query))

    def _suggestions(self, path: str, problem: dict[str, str]) -> tuple[tuple[str, str], ...]:
        """Return the names that a detail suggests, with their pages: the path with the wrong name replaced."""
        suggestion = _DID_YOU_MEAN.search(problem["detail"])
        wrong = _NAME.search(problem["detail"].partition(" Did you mean ")[0])
        if suggestion is None or wrong is None:
            return ()
        parts = path.split("/")
        places = [place for place, part in enumerate(parts) if part.partition("@")[0] == wrong.group(1)]
        if not places:
            return ()
        found = []
        for name in _NAME.findall(suggestion.group(1)):
            there = [*parts[: places[0]], name, *parts[places[0] + 1 :]]
            found.append((name, self.root + "/".join(there)))
        return tuple(found)

    def _up(self, path: str, status: int) -> str | None:
        """Return the ladder's own page if a page within the ladder was requested."""
        within = _LADDER.match(path)
        deeper = within is not None and within.end() < len(path)
        return self.root + within.group() if within and deeper and status != MethodNotAllowed.status else None


def _kept_page(scope: Scope) -> str | None:
    """Return the page that brings back a form that was sent without a session; None if there is none."""
    answer: Answer | None = scope.get(SCOPE_KEY)
    return None if answer is None else answer.after_sign_in


def _detail(path: str, captured: Captured, detail: str, contact: str) -> str:
    """Return the explanation for a visitor, who knows neither paths of the API nor scopes."""
    asked = [value for name, value in captured.headers if name == b"www-authenticate" and _NO_RIGHT in value]
    if asked and _EDIT.search(path):
        return N_("You can read. To edit, ask %(contact)s.", contact=contact)
    if asked and _DRAFT.match(path):
        return N_(
            "You can read published ladders, but not this draft. To edit or review it, ask %(contact)s.",
            contact=contact,
        )
    if asked:
        return N_("You have no access to this page. Ask %(contact)s for it.", contact=contact)
    return _NO_PAGE if detail.startswith(_NO_PATH) else _DID_YOU_MEAN.sub("", detail)


def _as_page(captured: Captured, html: str, more: Iterable[tuple[bytes, bytes]] = ()) -> Captured:
    """Return an error response with a page as its body."""
    kept = [pair for pair in captured.headers if pair[0] not in {b"content-type", b"vary"}]
    varies = [value for name, value in captured.headers if name == b"vary"]
    kept += [
        (b"content-type", b"text/html; charset=utf-8"),
        *((name.encode(), value.encode()) for name, value in HEADERS.items()),
        (b"vary", b", ".join([*varies, b"accept", b"accept-language"])),
        *more,
    ]
    return Captured(captured.status, kept, html.encode())
