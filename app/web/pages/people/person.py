"""The page of one person: the granted rights, changing them, and taking them all away."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final

from fastapi import Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.api.access.people import person_tag
from app.api.protocol.write_transaction import changing
from app.api.reading.reader import ServingDep
from app.errors import LadderError, PreconditionFailed
from app.serving.answers.answer import answer_of
from app.serving.serving import Serving
from app.store.access.granting import change_grants, remove_person
from app.store.access.people import GrantedPerson, PersonGrant, get_person, merged
from app.store.access.rights import Right
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
    ALL,
    LADDER,
    chosen_rights,
    grant_lines,
    ladders_of,
    right_choices,
)
from app.web.navigation.page_router import page_router
from app.web.navigation.query_values import PageQuery
from app.web.translation.messages import N_, Message

router = page_router()

_ONE: Final = f"{PEOPLE}/{{person}}"
_REMOVE: Final = f"{_ONE}/remove"
_CHANGED: Final = N_(
    "Someone else changed these rights after you opened the page. The list above shows them as they are now. "
    "Save again to keep your choice."
)


class PersonQuery(PageQuery):
    """The ladder whose rights to change; empty to add some."""

    on: str = ""


@router.get(_ONE)
def show_person(
    request: Request, serving: ServingDep, person: str, query: Annotated[PersonQuery, Query()]
) -> HTMLResponse:
    """Show the rights of a person, and the form to change those on one ladder, or to add some."""
    admin_of(request)
    found = _get(request, serving, person)
    return _page(request, serving, found, query.on, {LADDER: query.on}, _rights_on(found, query.on))


@router.post(_ONE)
async def change_person(
    request: Request, serving: ServingDep, person: str, query: Annotated[PersonQuery, Query()]
) -> Response:
    """Change the rights on one ladder, and lead back. If it is refused, show the form again."""
    form = await admin_form(request, _purpose(person))
    try:
        await serving.writers.run(partial(_change, request, serving, person, form, query.on))
    except (*REFUSALS, PreconditionFailed) as refused:
        found = _get(request, serving, person)
        return _page(request, serving, found, query.on, form, chosen_rights(form), refused)
    return RedirectResponse(f"{serving.settings.root_path}{PEOPLE}/{person}", SEE_OTHER)


@router.get(_REMOVE)
def ask_to_remove(request: Request, serving: ServingDep, person: str) -> HTMLResponse:
    """Ask whether to take away all rights of a person."""
    admin_of(request)
    return _confirmation(request, serving, person)


@router.post(_REMOVE)
async def remove(request: Request, serving: ServingDep, person: str) -> Response:
    """Take away all rights of a person, and lead to the list."""
    await admin_form(request, f"remove {_purpose(person)}")
    try:
        await serving.writers.run(partial(_remove, request, serving, person))
    except REFUSALS as refused:
        return _confirmation(request, serving, person, refused)
    return RedirectResponse(f"{serving.settings.root_path}{PEOPLE}", SEE_OTHER)


def _get(request: Request, serving: Serving, person: str) -> GrantedPerson:
    """Return a person as the visitor sees them. Raises NotFound."""
    within = answer_of(request.scope).caller.where("admin")
    return serving.database.ask(partial(get_person, number=person, within=within))


def _rights_on(person: GrantedPerson, place: str) -> tuple[Right, ...]:
    """Return the rights of a person on a ladder, or on all ladders."""
    return next((grant.rights for grant in person.grants if (grant.ladder or ALL) == place), ())


def _change(
    request: Request, serving: Serving, person: str, form: Mapping[str, str], place: str
) -> GrantedPerson:
    """Write the rights on one ladder. With a `place`, they replace those on it; without, they are added."""
    answer = answer_of(request.scope)
    within, rights = answer.caller.where("admin"), chosen_rights(form)
    with changing(request) as change:
        old = get_person(change.connection, person, within)
        if form.get("tag") != person_tag(old):
            raise PreconditionFailed(_CHANGED, etag=person_tag(old))
        kept = old.grants
        if place:
            ladder = None if place == ALL else place
            kept = tuple(grant for grant in kept if grant.ladder != ladder)
        else:
            ladder = ladders_of(serving, answer).chosen(form.get(LADDER, ""))
        added = (PersonGrant(ladder, rights),) if rights else ()
        wanted = merged(kept, added)
        new = change_grants(change.connection, person, wanted, change.actor, change.now, within)
    serving.freshness.refresh()
    return new


def _remove(request: Request, serving: Serving, person: str) -> None:
    within = answer_of(request.scope).caller.where("admin")
    with changing(request) as change:
        remove_person(change.connection, person, change.actor, change.now, within)
    serving.freshness.refresh()


def _page(
    request: Request,
    serving: Serving,
    person: GrantedPerson,
    place: str,
    values: Mapping[str, str],
    rights: tuple[Right, ...],
    refused: LadderError | None = None,
) -> HTMLResponse:
    ladders = ladders_of(serving, answer_of(request.scope))
    return admin_page(
        request,
        "person.html",
        N_("Rights of %(person)s", person=person.label),
        _purpose(person.id),
        status=200 if refused is None else refused.status,
        person=person,
        grants=tuple(grant_lines(person.grants, ladders)),
        tag=person_tag(person),
        place=place,
        place_words=ladders.words(None if place == ALL else place) if place else "",
        values={LADDER: "", **values},
        rights=right_choices(rights),
        ladders=ladders,
        errors=_errors(refused),
        is_bound=not ladders.all_too,
    )


def _errors(refused: LadderError | None) -> FormErrors:
    if refused is None:
        return FormErrors()
    return FormErrors.of(refused, (LADDER, "read"), {"/grants": LADDER})


def _confirmation(
    request: Request, serving: Serving, person: str, refused: LadderError | None = None
) -> HTMLResponse:
    found = _get(request, serving, person)
    title: Message = N_("Take away the rights of %(person)s?", person=found.label)
    ladders = ladders_of(serving, answer_of(request.scope))
    return admin_page(
        request,
        "remove_person.html",
        title,
        f"remove {_purpose(person)}",
        status=200 if refused is None else refused.status,
        person=found,
        grants=tuple(grant_lines(found.grants, ladders)),
        errors=FormErrors() if refused is None else FormErrors.about(refused.detail),
    )


def _purpose(person: str) -> str:
    """Return the purpose of the form, for its token."""
    return f"rights of {person}"
