"""People: the rights that admins grant to accounts of the OpenID Connect issuer, and invitations."""

from functools import partial
from typing import Annotated, Final

from fastapi import Depends, Query, Request
from fastapi import Path as Given
from starlette.responses import Response

from app.api.access.person_bodies import (
    NewPersonBody,
    PersonItem,
    PersonList,
    PersonPatch,
    grants_in,
    new_person,
    person_item,
    person_list,
)
from app.api.protocol.json_body import sent, telling
from app.api.protocol.problems import COMMON, documented
from app.api.protocol.rights import AdminDep
from app.api.protocol.routing import resource_router
from app.api.protocol.write_transaction import changing
from app.api.reading import cursor
from app.api.reading.paging import page_links, page_of
from app.api.reading.queries import FieldsQuery, PageQuery
from app.api.reading.reader import ServingDep
from app.api.writing.preconditions import PreconditionsDep
from app.errors import (
    BadRequest,
    Conflict,
    Fault,
    Forbidden,
    Invalid,
    InvalidParameter,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    TooLarge,
    Unauthenticated,
    Unavailable,
    UnsupportedMediaType,
)
from app.serving.answers.answer import answer_of
from app.serving.answers.representation import strong_tag
from app.serving.serving import Serving
from app.store.access.granting import add_person, change_grants
from app.store.access.granting import remove_person as take_away
from app.store.access.people import GrantedPerson, find_people, get_person

router = resource_router("people")

MERGE_PATCH: Final = "application/merge-patch+json"
_LIST: Final = "/people"
_ONE: Final = _LIST + "/{person}"
_READING = (Unauthenticated, Forbidden, NotFound, *COMMON)
_BODY = (BadRequest, Invalid, TooLarge, UnsupportedMediaType)
_GRANTS: Final = [{"ladder": "acme", "rights": ["write", "review"]}]
PersonId = Annotated[str, Given(max_length=100, description="Id of the person.")]


@router.get(_LIST, responses=documented((InvalidParameter, Unavailable)))
def list_people(
    request: Request, serving: ServingDep, caller: AdminDep, query: Annotated[PageQuery, Query()]
) -> PersonList:
    """List people with granted rights.

    Lists people and invitations, the oldest first. An admin of single ladders sees only rights on these ladders, and
    the people who have some. Rights by group are not listed, because the issuer sends them at sign-in. Needs the
    `admin` scope.
    """
    answer, root = answer_of(request.scope), serving.settings.root_path
    answer.draft = True
    people = serving.database.ask(partial(find_people, within=caller.where("admin")))
    items, following = page_of(people, cursor.list_identity("people", {}, None), query)
    links = page_links(answer, f"{root}/v1{_LIST}", query.model_dump(exclude_unset=True), following)
    return person_list(root, items, query.fields, links)


@router.post(
    _LIST,
    status_code=201,
    response_model=PersonItem,
    responses=documented((*_READING, Conflict, *_BODY)),
    openapi_extra=telling(NewPersonBody, {"email": "grace@example.org", "grants": _GRANTS}),
)
def create_person(
    request: Request,
    serving: ServingDep,
    caller: AdminDep,
    body: Annotated[NewPersonBody, Depends(sent(NewPersonBody))],
) -> Response:
    """Grant rights to a person.

    Names an account at the issuer by `subject`, or invites an address by `email`. You can grant rights on the ladders
    that you administer only. Needs the `admin` scope.
    """
    new = new_person(body, issuer_for(serving, body.issuer))
    with changing(request) as change:
        person = add_person(change.connection, new, change.actor, change.now, caller.where("admin"))
        found = person_item(serving.settings.root_path, person)
        answer_of(request.scope).etag = person_tag(person)
        answer = change.answer(found, location=found.links.self_)
    serving.freshness.refresh()
    return answer


@router.get(_ONE, responses=documented(_READING))
def read_person(
    request: Request,
    serving: ServingDep,
    caller: AdminDep,
    person: PersonId,
    query: Annotated[FieldsQuery, Query()],
) -> PersonItem:
    """Read the granted rights of a person.

    Needs the `admin` scope.
    """
    found = serving.database.ask(partial(get_person, number=person, within=caller.where("admin")))
    answer = answer_of(request.scope)
    answer.draft, answer.etag = True, person_tag(found)
    return person_item(serving.settings.root_path, found, query.fields)


@router.patch(
    _ONE,
    responses=documented((*_READING, Conflict, PreconditionFailed, PreconditionRequired, *_BODY)),
    openapi_extra=telling(PersonPatch, {"grants": _GRANTS}, MERGE_PATCH),
)
def patch_person(
    request: Request,
    serving: ServingDep,
    preconditions: PreconditionsDep,
    caller: AdminDep,
    person: PersonId,
    patch: Annotated[PersonPatch, Depends(sent(PersonPatch, MERGE_PATCH))],
) -> PersonItem:
    """Change the granted rights of a person.

    Replaces all rights that you see, with If-Match. Every process uses the new rights within a second, also for
    people who are signed in. The last admin of all ladders cannot be removed. Needs the `admin` scope.
    """
    within = caller.where("admin")
    with changing(request) as change:
        old = get_person(change.connection, person, within)
        preconditions.require(person_tag(old), f"The rights of {old.label}")
        wanted = grants_in(patch.grants)
        new = change_grants(change.connection, person, wanted, change.actor, change.now, within)
    serving.freshness.refresh()
    answer_of(request.scope).etag = person_tag(new)
    return person_item(serving.settings.root_path, new)


@router.delete(
    _ONE,
    status_code=204,
    responses=documented((*_READING, Conflict, BadRequest, PreconditionFailed, PreconditionRequired)),
)
def remove_person(
    request: Request,
    serving: ServingDep,
    preconditions: PreconditionsDep,
    caller: AdminDep,
    person: PersonId,
) -> None:
    """Take away all granted rights of a person.

    Removes all rights that you see, with If-Match. An invitation no longer counts. An admin of single ladders takes
    away the rights on these ladders only. Rights by group stay. The last admin of all ladders cannot be removed.
    Needs the `admin` scope.
    """
    within = caller.where("admin")
    with changing(request) as change:
        old = get_person(change.connection, person, within)
        preconditions.require(person_tag(old), f"The rights of {old.label}")
        take_away(change.connection, person, change.actor, change.now, within)
    serving.freshness.refresh()


def issuer_for(serving: Serving, given: str | None) -> str:
    """Return the issuer of a new person. Raises Invalid if another one is configured, or if none is known."""
    configured = serving.settings.oidc_issuer
    if given is not None and configured in ("", given):
        return given
    if given is None and configured:
        return configured
    detail = (
        f"People sign in at {configured} here. Leave the issuer out."
        if configured
        else "No issuer is configured (LADDER_OIDC_ISSUER), so name the issuer of the account."
    )
    raise Invalid(detail, faults=[Fault(detail, "/issuer")])


def person_tag(person: GrantedPerson) -> str:
    """Return the entity tag of a person's rights, with its quotes."""
    return strong_tag(repr((person.id, person.subject, person.grants)).encode())
