"""The pages that list API keys and create one. A new key is shown once, on the page that answers the form."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from functools import partial
from typing import Annotated, Final

from fastapi import Query, Request
from starlette.responses import HTMLResponse

from app.api.access.key_bodies import new_key
from app.api.protocol.idempotency import Replay, count_once
from app.api.protocol.write_transaction import changing
from app.api.reading import cursor
from app.api.reading.reader import ServingDep
from app.api.reading.urls import with_query
from app.errors import Fault, Invalid, LadderError
from app.serving.answers.answer import answer_of
from app.serving.serving import Serving
from app.store.access.api_key import ApiKey
from app.store.access.keys import create_key, find_keys, key_action
from app.store.audit import record
from app.web.layout.form_errors import FormErrors
from app.web.layout.people.admin_page import (
    KEYS,
    REFUSALS,
    admin_form,
    admin_of,
    admin_page,
    new_once,
)
from app.web.layout.people.rights import (
    LADDER,
    Ladders,
    chosen_rights,
    ladders_of,
    right_choices,
    rights_words,
)
from app.web.navigation.page_router import page_router
from app.web.navigation.query_values import PageQuery
from app.web.translation.messages import N_

router = page_router()

_NEW: Final = f"{KEYS}/new"
_PAGE: Final = 50
_LISTED_LADDERS: Final = 5
_NAMES: Final = {"scope": "read", "ladder": LADDER}
ONCE: Final = "once"
STATES: Final = {"valid": N_("valid"), "expired": N_("expired"), "revoked": N_("revoked")}


class KeysQuery(PageQuery):
    """The part of the list to show."""

    cursor: str | None = None


@router.get(KEYS)
def show_keys(request: Request, serving: ServingDep, query: Annotated[KeysQuery, Query()]) -> HTMLResponse:
    """Show the keys that the visitor manages, the newest first."""
    answer, root = admin_of(request), serving.settings.root_path
    within, now = answer.caller.where("admin"), serving.clock()
    keys = serving.database.ask(partial(find_keys, within=within))[::-1]
    identity = cursor.list_identity("keys", {}, None)
    start = cursor.read_position(query.cursor, identity)
    following = cursor.write(identity, str(start + _PAGE)) if start + _PAGE < len(keys) else None
    ladders = ladders_of(serving, answer)
    return admin_page(
        request,
        "keys.html",
        N_("Keys"),
        keys=[key_line(key, ladders, now) for key in keys[start:][:_PAGE]],
        next_url=None if following is None else with_query(f"{root}{KEYS}", {"cursor": following}),
        is_bound=within is not None,
        new=f"{root}{_NEW}",
    )


@router.get(_NEW)
def show_new_key(request: Request, serving: ServingDep) -> HTMLResponse:
    """Show the form to create a key."""
    admin_of(request)
    return _form(request, serving, {})


@router.post(_NEW)
async def make_key(request: Request, serving: ServingDep) -> HTMLResponse:
    """Create a key and show it. A form that is sent again says that the key exists."""
    form = await admin_form(request, _NEW)
    count_once(request, form.get(ONCE, ""))
    try:
        key, made = await serving.writers.run(partial(_create, request, serving, form))
    except Replay:
        return show_made(request, None, None)
    except REFUSALS as refused:
        return _form(request, serving, form, refused)
    return show_made(request, key, made)


def show_made(request: Request, key: str | None, made: ApiKey | None) -> HTMLResponse:
    """Return the page with a new key; without a key, the page says that it was shown before."""
    return admin_page(request, "key_made.html", N_("The new key"), key=key, made=made)


def key_line(key: ApiKey, ladders: Ladders, now: datetime) -> dict[str, object]:
    """Return a key as the pages show it."""
    given = (None,) if key.ladders is None else key.ladders
    return {
        "key": key,
        "rights": rights_words(key.scopes),
        "ladders": tuple(ladders.words(ladder) for ladder in given[:_LISTED_LADDERS]),
        "more": max(0, len(given) - _LISTED_LADDERS),
        "state": STATES[key.state(now)],
        "is_valid": key.valid(now),
    }


def _create(request: Request, serving: Serving, form: Mapping[str, str]) -> tuple[str, ApiKey]:
    answer = answer_of(request.scope)
    ladder = ladders_of(serving, answer).chosen(form.get(LADDER, ""))
    with changing(request) as change:
        key, made = create_key(
            change.connection,
            form.get("owner", ""),
            chosen_rights(form),
            change.now,
            ladders=None if ladder is None else (ladder,),
            expires_at=_day_in(form.get("expires", "").strip()),
            by=change.actor,
            within=answer.caller.where("admin"),
        )
        record(change.connection, change.actor, key_action("key.create", made), change.now)
        change.answer(new_key(serving.settings.root_path, made, change.now, None))
    serving.freshness.refresh()
    return key, made


def _day_in(text: str) -> datetime | None:
    """Return the start of a day in UTC; None for an empty field. Raises Invalid."""
    if not text:
        return None
    try:
        return datetime.combine(datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC), time(), UTC)
    except ValueError:
        detail = "Write a date, such as 2027-01-31."
        raise Invalid(detail, faults=[Fault(detail, parameter="expires")]) from None


def _form(
    request: Request, serving: Serving, form: Mapping[str, str], refused: LadderError | None = None
) -> HTMLResponse:
    fields = ("owner", LADDER, "read", "expires")
    return admin_page(
        request,
        "new_key.html",
        N_("Create a key"),
        _NEW,
        status=200 if refused is None else refused.status,
        values={"owner": "", LADDER: "", "expires": "", **form},
        rights=right_choices(form),
        ladders=ladders_of(serving, answer_of(request.scope)),
        errors=FormErrors() if refused is None else FormErrors.of(refused, fields, _NAMES),
        once=new_once(),
    )
