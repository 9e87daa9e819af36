"""The checklist before publishing: what is done, and what is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from app.rubric.releases import Version, latest
from app.rubric.reviews import Review, Subject, approvals, state_of
from app.serving.releases.loaded_releases import LoadedDraft
from app.web.layout.authoring.ladder_pages import LadderPage
from app.web.translation.messages import N_, NN_

_REVIEW: Final = N_("Open the review")


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist."""

    state: Literal["done", "missing", "note"]
    """`missing` stops the release."""
    words: str
    link: str = ""
    url: str = ""


def checklist(
    page: LadderPage,
    draft: LoadedDraft,
    subject: Subject | None,
    review: Review | None,
    *,
    is_required: bool,
    corrects: Version | None,
) -> tuple[Check, ...]:
    """Return the checklist for a draft.

    Args:
        page: The page, for a person who may publish.
        draft: The draft.
        subject: The draft as reviews see it; None if nobody has edited it.
        review: The open review, if there is one.
        is_required: True if the ladder needs an approval.
        corrects: The release that the draft corrects; None if it becomes the next release.
    """
    return (
        _content(draft, subject),
        *_findings(page, draft),
        _review(page, subject, review, is_required=is_required),
        *(() if corrects is not None else _base(page, draft)),
    )


def _content(draft: LoadedDraft, subject: Subject | None) -> Check:
    if subject is None:
        return Check("missing", N_("The draft has no changes."))
    base = draft.since
    words = (
        N_("The draft is new.") if base is None else N_("The draft builds on %(release)s.", release=str(base))
    )
    return Check("done", words)


def _findings(page: LadderPage, draft: LoadedDraft) -> Iterator[Check]:
    found = page.serving.findings_of(draft, page.answer)
    errors = sum(one.severity == "error" for one in found)
    warnings = len(found) - errors
    url = f"{page.urls.pinned('draft').home}/findings"
    if errors:
        words = NN_(
            "%(num)s error must be corrected first.", "%(num)s errors must be corrected first.", errors
        )
        yield Check("missing", words, N_("Show the errors"), url)
    else:
        yield Check("done", N_("No errors."))
    if warnings:
        words = NN_("%(num)s warning. Check it.", "%(num)s warnings. Check them.", warnings)
        yield Check("note", words, N_("Show the warnings"), url)


def _review(page: LadderPage, subject: Subject | None, review: Review | None, *, is_required: bool) -> Check:
    url = f"{page.urls.unpinned}/reviews"
    if review is None or subject is None:
        if not is_required:
            return Check("note", N_("Nobody was asked for a review. This ladder does not need one."))
        words = N_("A review is needed, and nobody was asked for one yet.")
        return Check("missing", words, N_("Ask for a review"), f"{url}/new")
    url = f"{url}/{review.number}"
    approved = approvals(review, subject)
    if state_of(review, subject) == "approved":
        people = tuple(dict.fromkeys(entry.by for entry in approved))
        return Check("done", N_("Approved by %(people)s.", people=people), _REVIEW, url)
    words = (
        N_("Changes are requested, so the draft is not approved.")
        if state_of(review, subject) == "changes-requested"
        else N_("The draft is not approved yet.")
    )
    return Check("missing" if is_required else "note", words, _REVIEW, url)


def _base(page: LadderPage, draft: LoadedDraft) -> Iterator[Check]:
    """Yield what is missing if another release was published after the draft was begun."""
    catalog = page.answer.catalog
    newest = latest(catalog.releases.get(page.slug, ()), catalog.moment_of(page.slug))
    if newest == draft.base:
        return
    if newest is None:
        yield Check("missing", N_("All releases are withdrawn now, and the draft builds on one of them."))
        return
    words = N_(
        "%(newest)s was published after this draft was begun. Bring its changes into the draft first.",
        newest=str(newest.version),
    )
    yield Check("missing", words, N_("What changed there"), f"{page.urls.unpinned}/diff?to={newest.version}")
