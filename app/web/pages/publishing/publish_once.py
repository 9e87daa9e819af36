"""Publishing from the page: a rehearsal that writes nothing, and the publish, which happens exactly once."""

from app.api.ladders.ladder_checks import changing_ladder
from app.api.ladders.publishing import plan_publish, publish_release
from app.api.ladders.release_inputs import NewReleaseBody
from app.api.protocol.write_transaction import Change
from app.errors import Conflict
from app.rubric.ladder import Ladder
from app.rubric.releases import Release, Version
from app.store.drafts import get_draft
from app.store.publishing import Plan
from app.store.releases import find_releases, place
from app.store.revision import take_revision
from app.web.layout.authoring.ladder_pages import LadderPage
from app.web.translation.messages import N_


def plan_of(page: LadderPage, options: NewReleaseBody) -> Plan:
    """Return what publishing would do, and write nothing. Raises as `publish_release`."""
    with changing_ladder(page.request, page.slug) as change:
        take_revision(change.connection)
        plan = plan_publish(change, page.slug, options, _document(change, page, options))
        place(change.connection, plan.new, plan.new.original or page.slug)
        change.connection.rollback()
        return plan


def publish_once(page: LadderPage, options: NewReleaseBody) -> Release:
    """Publish, or return the release if the same form has published it already.

    Raises Conflict if somebody has published the draft as another release, and as `publish_release`.
    """
    try:
        with changing_ladder(page.request, page.slug) as change:
            document = _document(change, page, options)
            release, _ = publish_release(change, page.slug, options, document)
    except Conflict as refused:
        version = options.version
        assert version is not None  # noqa: S101 - the form always names a number
        release = published_before(page, str(options.content_sha256), version, refused)
    page.serving.freshness.refresh()
    return release


def _document(change: Change, page: LadderPage, options: NewReleaseBody) -> Ladder | None:
    """Return the content of a correction, which is the draft; None to publish the draft as the next release.

    Raises Conflict if the draft is no longer the one that was shown.
    """
    if options.corrects is None:
        return None
    draft = get_draft(change.connection, page.slug, change.now)
    if draft.content_sha256 != options.content_sha256:
        raise Conflict(N_("Somebody has edited the draft since you opened this page. Read it again."))
    return draft.ladder


def published_before(page: LadderPage, content_sha256: str, version: Version, refused: Conflict) -> Release:
    """Return the release that the same form has published before.

    Raises Conflict if the content was published as another release in the meantime, and `refused` if it was not.
    """
    line = page.serving.database.ask(lambda connection: find_releases(connection, page.slug))
    same = [release for release in line if release.content_sha256 == content_sha256]
    own = next((release for release in same if release.version == version), None)
    if own is not None:
        return own
    newest = max(line, key=lambda release: release.id, default=None)
    if newest in same:
        number = str(newest.version)
        raise Conflict(N_("This draft was published in the meantime, as %(version)s.", version=number))
    raise refused
