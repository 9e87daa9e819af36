"""The page of one API key: its rights and times, replacing it, and revoking it."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Final

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.api.access.key_bodies import new_key
from app.api.protocol.idempotency import Replay, count_once
from app.api.protocol.write_transaction import changing
from app.api.reading.reader import ServingDep
from app.errors import Fault, Invalid, LadderError
from app.serving.answers.answer import answer_of
from app.serving.serving import Serving
from app.store.access.api_key import ApiKey
from app.store.access.keys import get_key, key_action, revoke_key, rotate_key
from app.store.audit import record
from app.web.layout.editing.form_fields import Choice
from app.web.layout.form_errors import FormErrors
from app.web.layout.people.admin_page import (
    KEYS,
    REFUSALS,
    SEE_OTHER,
    admin_form,
    admin_of,
    admin_page,
    new_once,
)
from app.web.layout.people.rights import ladders_of
from app.web.navigation.page_router import page_router
from app.web.pages.people.keys import ONCE, key_line, show_made
from app.web.translation.messages import N_

router = page_router()

_ONE: Final = f"{KEYS}/{{key}}"
_ROTATE: Final = f"{_ONE}/rotate"
_REVOKE: Final = f"{_ONE}/revoke"
_GRACES: Final = {"0": N_("at once"), "1": N_("in one day"), "7": N_("in one week"), "30": N_("in 30 days")}
"""The days after which the old key ends."""


@router.get(_ONE)
def show_key(request: Request, serving: ServingDep, key: str) -> HTMLResponse:
    """Show a key without its secret."""
    admin_of(request)
    return _page(request, serving, "key.html", key)


@router.get(_ROTATE)
def ask_to_rotate(request: Request, serving: ServingDep, key: str) -> HTMLResponse:
    """Ask when the old key ends."""
    admin_of(request)
    return _page(request, serving, "rotate_key.html", key, "rotate")


@router.post(_ROTATE)
async def rotate(request: Request, serving: ServingDep, key: str) -> HTMLResponse:
    """Replace a key, and show the new one."""
    form = await admin_form(request, _purpose("rotate", key))
    count_once(request, form.get(ONCE, ""))
    try:
        secret, made = await serving.writers.run(partial(_rotate, request, serving, key, form))
    except Replay:
        return show_made(request, None, None)
    except REFUSALS as refused:
        return _page(request, serving, "rotate_key.html", key, "rotate", refused)
    return show_made(request, secret, made)


@router.get(_REVOKE)
def ask_to_revoke(request: Request, serving: ServingDep, key: str) -> HTMLResponse:
    """Ask whether to revoke a key."""
    admin_of(request)
    return _page(request, serving, "revoke_key.html", key, "revoke")


@router.post(_REVOKE)
async def revoke(request: Request, serving: ServingDep, key: str) -> Response:
    """Revoke a key, and lead to the list."""
    await admin_form(request, _purpose("revoke", key))
    try:
        await serving.writers.run(partial(_revoke, request, serving, key))
    except REFUSALS as refused:
        return _page(request, serving, "revoke_key.html", key, "revoke", refused)
    return RedirectResponse(f"{serving.settings.root_path}{KEYS}", SEE_OTHER)


def _rotate(request: Request, serving: Serving, key: str, form: Mapping[str, str]) -> tuple[str, ApiKey]:
    days = form.get("grace", "")
    if days not in _GRACES:
        raise Invalid("Choose when the old key ends.", faults=[Fault("Choose one.", parameter="grace")])
    with changing(request) as change:
        secret, made = rotate_key(
            change.connection,
            key,
            change.now,
            grace=timedelta(days=int(days)),
            by=change.actor,
            within=answer_of(request.scope).caller.where("admin"),
        )
        record(change.connection, change.actor, key_action("key.rotate", made, replaced=key), change.now)
        change.answer(new_key(serving.settings.root_path, made, change.now, None))
    serving.freshness.refresh()
    return secret, made


def _revoke(request: Request, serving: Serving, key: str) -> None:
    within = answer_of(request.scope).caller.where("admin")
    with changing(request) as change:
        ended = revoke_key(change.connection, key, change.now, within=within, keep_admin=True)
        record(change.connection, change.actor, key_action("key.revoke", ended), change.now)
    serving.freshness.refresh()


def _page(
    request: Request,
    serving: Serving,
    template: str,
    key: str,
    act: str = "",
    refused: LadderError | None = None,
) -> HTMLResponse:
    answer = answer_of(request.scope)
    found = serving.database.ask(partial(get_key, number=key, within=answer.caller.where("admin")))
    titles = {
        "": N_("Key of %(owner)s", owner=found.owner),
        "rotate": N_("Replace the key of %(owner)s", owner=found.owner),
        "revoke": N_("Revoke the key of %(owner)s?", owner=found.owner),
    }
    return admin_page(
        request,
        template,
        titles[act],
        _purpose(act, key) if act else "",
        status=200 if refused is None else refused.status,
        line=key_line(found, ladders_of(serving, answer), serving.clock()),
        graces=tuple(Choice(days, words) for days, words in _GRACES.items()),
        errors=FormErrors() if refused is None else FormErrors.of(refused, ("grace",)),
        once=new_once(),
    )


def _purpose(act: str, key: str) -> str:
    """Return the purpose of a form, for its token."""
    return f"{act} {key}"
