"""The pages that list people with granted rights, and add one."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final

from fastapi import Query, Request
from sqlalchemy import Connection
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.api.access.people import issuer_for
from app.api.protocol.write_transaction import changing
from app.api.reading import cursor
from app.api.reading.reader import ServingDep
from app.api.reading.urls import with_query
from app.errors import LadderError
from app.serving.answers.answer import Answer, answer_of
from app.serving.serving import Serving
from app.store.access.granting import add_person
from app.store.access.people import GrantedPerson, PersonGrant, find_people
from app.store.access.person_checks import NewPerson
from app.store.access.sessions import Person, find_signed_in
from app.web.layout.form_errors import FormErrors
from app.web.layout.people.admin_page import (
    PEOPLE,
    REFUSALS,
    SEE_OTHER,
    admin_form,
    admin_of,
    admin_page,
)
from app.web.layout.people.rights import (
    LADDER,
    Ladders,
    chosen_rights,
    grant_lines,
    ladders_of,
    right_choices,
)
from app.web.navigation.page_router import page_router
from app.web.navigation.query_values import PageQuery
from app.web.translation.messages import N_

router = page_router()

_NEW: Final = f"{PEOPLE}/new"
_PAGE: Final = 50
_LISTED_GRANTS: Final = 5
_MOST_SIGNED_IN: Final = 20
_NAMES: Final = {
    "/grants": LADDER,
    "/grants/0": LADDER,
    "/grants/0/rights": "read",
    "/grants/0/ladder": LADDER,
}


class PeopleQuery(PageQuery):
    """The part of the list to show."""

    cursor: str | None = None


class NewPersonQuery(PageQuery):
    """An account to fill into the form."""

    subject: str = ""
    name: str = ""


@router.get(PEOPLE)
def show_people(
    request: Request, serving: ServingDep, query: Annotated[PeopleQuery, Query()]
) -> HTMLResponse:
    """Show people and invitations with the rights that the visitor manages."""
    answer = admin_of(request)
    within = answer.caller.where("admin")
    people, without = serving.database.ask(partial(_read, serving=serving, answer=answer))
    identity = cursor.list_identity("people", {}, None)
    start = cursor.read_position(query.cursor, identity)
    rest = start + _PAGE < len(people)
    ladders = ladders_of(serving, answer)
    return admin_page(
        request,
        "people.html",
        N_("People"),
        people=[
            (one, tuple(grant_lines(one.grants[:_LISTED_GRANTS], ladders))) for one in people[start:][:_PAGE]
        ],
        count=len(people),
        signed_in=[(one, _add_url(serving, one)) for one in without] if start == 0 else [],
        next_url=_next(serving, cursor.write(identity, str(start + _PAGE))) if rest else None,
        is_bound=within is not None,
        issuer=serving.settings.oidc_issuer,
        new=f"{serving.settings.root_path}{_NEW}",
    )


@router.get(_NEW)
def show_new_person(
    request: Request, serving: ServingDep, query: Annotated[NewPersonQuery, Query()]
) -> HTMLResponse:
    """Show the form to add a person."""
    admin_of(request)
    return _form(request, serving, {"subject": query.subject, "name": query.name})


@router.post(_NEW)
async def create_person(request: Request, serving: ServingDep) -> Response:
    """Add a person, and lead to their page. If it is refused, show the form again."""
    form = await admin_form(request, _NEW)
    try:
        person = await serving.writers.run(partial(_add, request, serving, form))
    except REFUSALS as refused:
        return _form(request, serving, form, refused)
    return RedirectResponse(f"{serving.settings.root_path}{PEOPLE}/{person.id}", SEE_OTHER)


def _add(request: Request, serving: Serving, form: Mapping[str, str]) -> GrantedPerson:
    answer = answer_of(request.scope)
    ladder = ladders_of(serving, answer).chosen(form.get(LADDER, ""))
    given = {name: form.get(name, "").strip() or None for name in ("subject", "email", "name")}
    new = NewPerson(issuer_for(serving, None), (PersonGrant(ladder, chosen_rights(form)),), **given)
    with changing(request) as change:
        person = add_person(change.connection, new, change.actor, change.now, answer.caller.where("admin"))
    serving.freshness.refresh()
    return person


def _form(
    request: Request, serving: Serving, form: Mapping[str, str], refused: LadderError | None = None
) -> HTMLResponse:
    ladders: Ladders = ladders_of(serving, answer_of(request.scope))
    fields = ("email", "subject", "name", LADDER, "read")
    return admin_page(
        request,
        "new_person.html",
        N_("Add a person"),
        _NEW,
        status=200 if refused is None else refused.status,
        values={"email": "", "subject": "", "name": "", LADDER: "", **form},
        rights=right_choices(form),
        ladders=ladders,
        errors=FormErrors() if refused is None else FormErrors.of(refused, fields, _NAMES),
        label=serving.settings.oidc_label,
    )


def _read(
    connection: Connection, serving: Serving, answer: Answer
) -> tuple[tuple[GrantedPerson, ...], tuple[Person, ...]]:
    """Return the people that the visitor sees. Admins of all ladders also get the people who signed in unknown."""
    within = answer.caller.where("admin")
    people = find_people(connection, within)
    if within is not None:
        return people, ()
    known = {(one.issuer, one.subject) for one in people}
    signed_in = find_signed_in(connection, serving.clock())
    new = [one for one in signed_in if one.account is not None and tuple(one.account) not in known]
    return people, tuple(new[:_MOST_SIGNED_IN])


def _add_url(serving: Serving, person: Person) -> str:
    subject = "" if person.account is None else person.account.subject
    url = f"{serving.settings.root_path}{_NEW}"
    return with_query(url, {"subject": subject, "name": person.shown_name})


def _next(serving: Serving, place: str) -> str:
    return with_query(f"{serving.settings.root_path}{PEOPLE}", {"cursor": place})
