"""The pages: a start that points onward, the API docs without any outside request, and one page a problem.

Every page carries a strict Content-Security-Policy; nothing is loaded from anywhere but this server, and no page
has an inline script.
"""

from html import escape
from pathlib import Path
from string import Template
from typing import Final

import fastapi_offline
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from app import __version__
from app.errors import LadderError, NotFound
from app.serving.answer import answer_of
from app.serving.resolve import did_you_mean
from app.serving.serving import serving_in

router = APIRouter(include_in_schema=False)

_HERE: Final = Path(__file__).parent
_BUNDLED: Final = Path(fastapi_offline.__file__).parent / "static"
_PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_DOCS_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; worker-src blob:; base-uri 'none'; frame-ancestors 'none'"
)
"""Swagger UI and ReDoc write styles of their own; scripts come from files alone."""
_IMAGE_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For an image that is opened as a page of its own."""
_REDOC_LOGO: Final = b"https://cdn.redoc.ly/redoc/logo-mini.svg"
_ASSETS: Final = {
    "page.css": (_HERE / "static" / "page.css", "text/css"),
    "docs.css": (_HERE / "static" / "docs.css", "text/css"),
    "docs.js": (_HERE / "static" / "docs.js", "text/javascript"),
    "redoc.js": (_HERE / "static" / "redoc.js", "text/javascript"),
    "favicon.svg": (_HERE / "static" / "favicon.svg", "image/svg+xml"),
    "swagger-ui.css": (_BUNDLED / "swagger-ui.css", "text/css"),
    "swagger-ui-bundle.js": (_BUNDLED / "swagger-ui-bundle.js", "text/javascript"),
    "redoc.standalone.js": (_BUNDLED / "redoc.standalone.js", "text/javascript"),
}
"""Every file that a page may load, by name; nothing else on disk can be asked for."""


@router.get("/")
def show_start(request: Request) -> HTMLResponse:
    """Show what this is, and where to go."""
    return _page(request, "start.html", version=__version__)


@router.get("/docs")
def show_docs(request: Request) -> HTMLResponse:
    """Show the API to read and try."""
    return _page(request, "docs.html", policy=_DOCS_POLICY)


@router.get("/redoc")
def show_redoc(request: Request) -> HTMLResponse:
    """Show the API to read."""
    return _page(request, "redoc.html", policy=_DOCS_POLICY)


@router.get("/problems")
def show_problems(request: Request) -> HTMLResponse:
    """List every sort of problem."""
    rows = "\n".join(
        f'<tr><td><a href="$root/problems/{code}"><code>{code}</code></a></td>'
        f"<td>{error.status}</td><td>{escape(error.title)}</td></tr>"
        for code, error in sorted(problem_types().items())
    )
    return _page(request, "problems.html", rows=Template(rows).safe_substitute(root=_root(request)))


@router.get("/problems/{code}")
def show_problem(request: Request, code: str) -> HTMLResponse:
    """Explain one sort of problem: what it means, and the cure."""
    types = problem_types()
    error = types.get(code)
    if error is None:
        raise NotFound(f"There is no sort of problem called {code[:80]!r}.{did_you_mean(code, types)}")
    return _page(
        request,
        "problem.html",
        code=code,
        status=str(error.status),
        title=escape(error.title),
        meaning=escape((error.__doc__ or "").strip()),
        explanation=_code(escape(error.explanation)),
    )


@router.get("/assets/{name}")
def send_asset(request: Request, name: str) -> Response:
    """Send a file that the pages load, whole: entity tag and codings are those of every other answer."""
    if name not in _ASSETS:
        raise NotFound("There is no such file.")
    answer_of(request.scope).fixed = True
    path, media_type = _ASSETS[name]
    headers = {"content-security-policy": _IMAGE_POLICY} if media_type == "image/svg+xml" else None
    content = path.read_bytes()
    if name == "redoc.standalone.js":  # its one picture from elsewhere, which the policy would block anyway
        content = content.replace(_REDOC_LOGO, f"{_root(request)}/assets/favicon.svg".encode())
    return Response(content, media_type=media_type, headers=headers)


def problem_types() -> dict[str, type[LadderError]]:
    """Every class of the error tree that can reach a client, by its code."""
    found: dict[str, type[LadderError]] = {}
    waiting = LadderError.__subclasses__()
    while waiting:
        error = waiting.pop()
        found[error.code] = error
        waiting += error.__subclasses__()
    return found


def _page(request: Request, name: str, policy: str = _PAGE_POLICY, **values: str) -> HTMLResponse:
    answer_of(request.scope).fixed = True
    template = Template((_HERE / "templates" / name).read_text("utf-8"))
    html = template.substitute(values, root=_root(request))
    headers = {"content-security-policy": policy, "referrer-policy": "no-referrer"}
    return HTMLResponse(html, headers=headers)


def _root(request: Request) -> str:
    return serving_in(request.scope).settings.root_path


def _code(text: str) -> str:
    """Backticks as code."""
    pieces = text.split("`")
    return "".join(f"<code>{piece}</code>" if place % 2 else piece for place, piece in enumerate(pieces))
