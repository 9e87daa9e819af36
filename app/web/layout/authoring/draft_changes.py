"""The changes that a draft makes, as pages of reviewing and publishing show them."""

from app.api.views.diff_sides import Sides
from app.rubric.canonical import canonical, content_sha256
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.releases import Release
from app.serving.answers.answer import Answer
from app.serving.releases.loaded_releases import Loaded, LoadedDraft
from app.serving.serving import Serving


def draft_sides(serving: Serving, answer: Answer, slug: str, base: Release | None = None) -> Sides:
    """Return the draft of a ladder and what to compare it with: `base`, else the release that it builds on.

    A draft that builds on nothing is compared with an empty ladder. Raises NotFound and Unavailable.
    """
    answer.open_draft(slug)
    draft = serving.drafts.get(answer.catalog, slug)
    release = base or draft.base
    before: Loaded = _nothing(draft) if release is None else serving.loaded.get(release)
    return Sides(serving, answer, slug, before, draft)


def _nothing(draft: LoadedDraft) -> LoadedDraft:
    """Return an empty ladder in the place of the release that the draft would build on."""
    kept = {name: getattr(draft.ladder, name) for name in ("slug", "title", "language", "cumulative")}
    empty = Ladder(**kept)
    return LoadedDraft(draft.slug, Index.of(empty), None, 0, content_sha256(canonical(empty)), draft.load)
