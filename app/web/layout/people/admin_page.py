"""The frame of the pages for admins, their forms, and the refusals that a form shows."""

import secrets
from collections.abc import Mapping
from typing import Final

from fastapi import Request
from starlette.responses import HTMLResponse

from app.api.reading.reader import serving_of
from app.errors import Conflict, Forbidden, Invalid
from app.serving.answers.answer import Answer, answer_of
from app.web.layout.account import account_of
from app.web.layout.forms import check_token, form_of, page_url, token_of
from app.web.layout.frame import Frame
from app.web.layout.rendering import show
from app.web.navigation.query_values import known_query

PEOPLE: Final = "/people"
KEYS: Final = f"{PEOPLE}/keys"
SEE_OTHER: Final = 303
REFUSALS: Final = (Conflict, Forbidden, Invalid)
"""The errors that a form shows again, with what was typed."""
_LONGEST: Final = 16 * 1024
_MOST_FIELDS: Final = 20


def admin_of(request: Request) -> Answer:
    """Return the answer to an admin. Raises Unauthenticated or Forbidden for everybody else."""
    answer = answer_of(request.scope)
    answer.draft = True
    answer.caller.require("admin")
    return answer


async def admin_form(request: Request, purpose: str) -> Mapping[str, str]:
    """Return the fields of a form that an admin sent from one of our pages. Raises as `form_of`, and Forbidden."""
    form = await form_of(request, _LONGEST, _MOST_FIELDS)
    answer = admin_of(request)
    check_token(answer, form, purpose)
    return form


def admin_page(
    request: Request, template: str, title: str, purpose: str = "", *, status: int = 200, **values: object
) -> HTMLResponse:
    """Return a page for admins.

    Args:
        request: The request.
        template: The template below `people/`.
        title: The title of the page, marked for translation.
        purpose: The purpose of its form, for the token.
        status: The status.
        values: The values of the template.
    """
    answer, serving = answer_of(request.scope), serving_of(request)
    root, session = serving.settings.root_path, answer.session
    url = page_url(root, request.scope["path"], known_query(request))
    token = token_of(answer, purpose) if purpose else ""
    return show(
        f"people/{template}",
        frame=Frame(
            root, title, account=account_of(root, session, url), language=answer.preferred_language()
        ),
        status=status,
        title=title,
        token=token,
        home=f"{root}{PEOPLE}",
        keys_home=f"{root}{KEYS}",
        **values,
    )


def new_once() -> str:
    """Return a random value that makes a form count once, however often it is sent."""
    return secrets.token_urlsafe(16)
