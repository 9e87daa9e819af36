"""The page of a ladder's settings: who can see it, whether a review is needed, and lower version numbers."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final

from starlette.responses import HTMLResponse, Response

from app.api.ladders.ladder_checks import changing_ladder
from app.api.ladders.settings import SettingsPatch, patch_ladder_settings, settings_tag
from app.api.writing.preconditions import Preconditions
from app.errors import PreconditionFailed
from app.store.ladder_settings import LadderSettings, get_settings
from app.web.layout.authoring.ladder_pages import FormRefused, LadderPage, page_for, submit, value_of
from app.web.layout.editing.draft_form import TAG, FormState
from app.web.layout.editing.form_fields import Choice
from app.web.layout.rendering import show
from app.web.navigation.page_router import page_router
from app.web.translation.messages import N_

router = page_router()

_PATH: Final = "/ladders/{ladder}/settings"
_NAMES: Final = ("visibility", "require_review", "allow_lower_version")
_DEFAULT: Final = "service"
_YES: Final = "yes"
_NO: Final = "no"
_MEANINGS: Final[Mapping[str, bool | None]] = {_DEFAULT: None, _YES: True, _NO: False}
_CHOOSE: Final = N_("Choose one of the options.")
_CLASH: Final = N_("Somebody else has changed the settings since you opened this page. Choose which to keep.")
_Page = Annotated[LadderPage, page_for("admin")]


@router.get(_PATH)
def show_settings(page: _Page) -> HTMLResponse:
    """Show the settings."""
    return _show(page, page.state)


@router.post(_PATH)
async def send_settings(page: _Page) -> Response:
    """Save the settings. If somebody else has changed them, show both."""
    return await submit(page, await page.sent(), partial(_save, page), partial(_show, page))


def _save(page: LadderPage, form: Mapping[str, str]) -> str:
    for name in _NAMES:
        if form.get(name) not in {choice.value for choice in _choices(page)[name]}:
            raise FormRefused(_CHOOSE, name)
    patch = value_of(
        SettingsPatch,
        {},
        visibility=form["visibility"],
        require_review=_MEANINGS[form["require_review"]],
        allow_lower_version=_MEANINGS[form["allow_lower_version"]],
    )
    seen = Preconditions(match=frozenset({form.get(TAG, "")}))
    with changing_ladder(page.request, page.slug) as change:
        try:
            patch_ladder_settings(change, page.serving, page.slug, seen, patch)
        except PreconditionFailed:
            raise PreconditionFailed(_CLASH) from None
    page.serving.freshness.refresh()
    return f"{page.url}?saved"


def _show(page: LadderPage, state: FormState) -> HTMLResponse:
    found = page.serving.database.ask(partial(get_settings, ladder=page.slug))
    present, choices = _values(found), _choices(page)
    clash = state.status == PreconditionFailed.status and state.sent is not None
    return show(
        "publishing/settings.html",
        status=state.status,
        frame=page.frame(N_("Settings"), "settings"),
        page=page,
        state=state,
        is_saved="saved" in page.request.query_params,
        choices=choices,
        values={**present, **(state.sent or {})},
        tag=settings_tag(page.serving, found),
        theirs=_differences(choices, present, state.sent or {}) if clash else (),
    )


def _values(found: LadderSettings) -> dict[str, str]:
    """Return the values of the form for the settings as they are."""
    words = {meaning: word for word, meaning in _MEANINGS.items()}
    return {
        "visibility": found.visibility,
        "require_review": words[found.require_review],
        "allow_lower_version": words[found.allow_lower_version],
    }


def _choices(page: LadderPage) -> dict[str, tuple[Choice, ...]]:
    service = (
        N_("Now it needs an approval.") if page.serving.settings.require_review else N_("Now it needs none.")
    )
    return {
        "visibility": (
            Choice("public", N_("Everybody"), N_("Everybody who can read ladders on this site.")),
            Choice(
                "internal", N_("Only people with a right on it"), N_("Others do not learn that it exists.")
            ),
        ),
        "require_review": (
            Choice(_DEFAULT, N_("As this site decides"), service),
            Choice(_YES, N_("Yes"), N_("Somebody who has not edited the draft must approve it.")),
            Choice(_NO, N_("No")),
        ),
        "allow_lower_version": (
            Choice(_YES, N_("Yes, with a reason that readers see")),
            Choice(_NO, N_("No")),
        ),
    }


def _differences(
    choices: Mapping[str, tuple[Choice, ...]], theirs: Mapping[str, str], mine: Mapping[str, str]
) -> tuple[tuple[str, str, str], ...]:
    """Return the settings that differ: their names, and both values in words."""
    words = {(name, choice.value): choice.words for name, options in choices.items() for choice in options}
    return tuple(
        (name, words.get((name, mine.get(name, "")), ""), words[name, theirs[name]])
        for name in choices
        if mine.get(name) != theirs[name]
    )
