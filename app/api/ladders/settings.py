"""Settings of a ladder: who can see it, reviews, and version numbers below the minimum. They are not content."""

from functools import partial
from typing import Annotated, Literal

from fastapi import Depends, Query, Request
from pydantic import Field, WithJsonSchema

from app.api.ladders.ladder_checks import changing_ladder, refuse_unknown
from app.api.ladders.review_bodies import kept
from app.api.protocol.json_body import sent, telling
from app.api.protocol.problems import COMMON, documented
from app.api.protocol.rights import AdminDep
from app.api.protocol.routing import resource_router
from app.api.protocol.write_transaction import Change
from app.api.reading.bodies import Body, ItemLinks, construct, linked
from app.api.reading.path_parameters import NoRelease
from app.api.reading.queries import FieldsQuery
from app.api.reading.reader import ServingDep
from app.api.writing.preconditions import Preconditions, PreconditionsDep
from app.errors import (
    BadRequest,
    Forbidden,
    Invalid,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    TooLarge,
    Unauthenticated,
    UnsupportedMediaType,
)
from app.rubric.text import Slug, Value
from app.serving.answers.answer import answer_of
from app.serving.answers.representation import strong_tag
from app.serving.serving import Serving
from app.store.ladder_settings import LadderSettings, Visibility, change_settings, get_settings

router = resource_router("settings")

_PATH = "/ladders/{ladder}/settings"
MERGE_PATCH = "application/merge-patch+json"
_REFUSED = (Unauthenticated, Forbidden, NotFound, *COMMON)


class SettingsResource(Body):
    """The settings of a ladder."""

    ladder: Slug
    """Slug of the ladder."""
    visibility: Visibility
    """The callers who can see it. `public`: everybody. `internal`: only callers with a right on it. More values may
    be added."""
    require_review: bool | None = None
    """`true` if a draft needs an approval before it is published. Left out if the service decides."""
    review_required: bool
    """`true` if a draft needs an approval, by the setting of the ladder or of the service."""
    review_required_by: Literal["ladder", "service"]
    """The setting that decides: the ladder's or the service's. More values may be added."""
    allow_lower_version: bool
    """`true` if a release may get a version number below the minimum, with a reason."""
    links: ItemLinks


class SettingsPatch(Value):
    """A JSON Merge Patch (RFC 7396) of a ladder's settings. Null restores the default."""

    visibility: Visibility | None = None
    """The callers who can see the ladder; null for everybody."""
    require_review: Annotated[
        bool | None, Field(strict=True), WithJsonSchema({"type": ["boolean", "null"]})
    ] = None
    """`true` if a draft needs an approval before it is published; null if the service decides."""
    allow_lower_version: Annotated[
        bool | None, Field(strict=True), WithJsonSchema({"type": ["boolean", "null"]})
    ] = None
    """`true` if a release may get a version number below the minimum, with a reason; null for `true`."""


@router.get(_PATH, responses=documented(_REFUSED))
def read_settings(
    request: Request,
    serving: ServingDep,
    _: AdminDep,
    ladder: NoRelease,
    query: Annotated[FieldsQuery, Query()],
) -> SettingsResource:
    """Read the settings of a ladder.

    Needs the `admin` scope.
    """
    refuse_unknown(request, ladder)
    found = serving.database.ask(partial(get_settings, ladder=ladder))
    answer = answer_of(request.scope)
    answer.draft, answer.etag = True, settings_tag(serving, found)
    return _resource(serving, ladder, found, query.fields)


@router.patch(
    _PATH,
    responses=documented(
        (
            *_REFUSED,
            BadRequest,
            PreconditionFailed,
            PreconditionRequired,
            Invalid,
            TooLarge,
            UnsupportedMediaType,
        )
    ),
    openapi_extra=telling(SettingsPatch, {"require_review": True}, MERGE_PATCH),
)
def patch_settings(
    request: Request,
    serving: ServingDep,
    preconditions: PreconditionsDep,
    _: AdminDep,
    ladder: NoRelease,
    patch: Annotated[SettingsPatch, Depends(sent(SettingsPatch, MERGE_PATCH))],
) -> SettingsResource:
    """Change the settings of a ladder.

    Takes a JSON Merge Patch (RFC 7396) and If-Match. Needs the `admin` scope. Changes take effect within a second.
    """
    with changing_ladder(request, ladder) as change:
        new = patch_ladder_settings(change, serving, ladder, preconditions, patch)
    answer_of(request.scope).etag = settings_tag(serving, new)
    return _resource(serving, ladder, new)


def patch_ladder_settings(
    change: Change, serving: Serving, ladder: str, preconditions: Preconditions, patch: SettingsPatch
) -> LadderSettings:
    """Change the settings of a ladder, and return the new ones. Raises as `Preconditions.require` does."""
    old = get_settings(change.connection, ladder)
    preconditions.require(settings_tag(serving, old), f"The settings of {ladder!r}")
    new = _patched(old, patch)
    change_settings(change.connection, ladder, new, change.actor, change.now)
    return new


def _patched(old: LadderSettings, patch: SettingsPatch) -> LadderSettings:
    given = patch.model_fields_set
    return LadderSettings(
        (patch.visibility or "public") if "visibility" in given else old.visibility,
        patch.require_review if "require_review" in given else old.require_review,
        patch.allow_lower_version is not False if "allow_lower_version" in given else old.allow_lower_version,
    )


def settings_tag(serving: Serving, found: LadderSettings) -> str:
    """Return the entity tag of the body, with its quotes."""
    return strong_tag(repr((found, serving.settings.require_review)).encode())


def _resource(
    serving: Serving, ladder: str, found: LadderSettings, fields: str | None = None
) -> SettingsResource:
    links = {"self_": f"{serving.settings.root_path}/v1/ladders/{ladder}/settings"}
    values = {
        "ladder": ladder,
        "visibility": found.visibility,
        "require_review": found.require_review,
        "review_required": found.requires_review(serving.settings.require_review),
        "review_required_by": "service" if found.require_review is None else "ladder",
        "allow_lower_version": found.allow_lower_version,
        "links": linked(SettingsResource, links),
    }
    return construct(SettingsResource, kept(SettingsResource, values, fields))
