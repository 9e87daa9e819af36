"""Publishing on a server: the files become its draft, and the draft becomes a release.

A correction does not touch the draft: it is sent as it is.
"""

from collections.abc import Mapping
from typing import Any

from app.cli.ladder_sources import fetch_source
from app.cli.publish_options import PublishOptions
from app.cli.remote import Remote
from app.cli.remote_drafts import known_slug, write_draft
from app.errors import LadderError, NotFound
from app.formats.bundle.reader import Bundle
from app.rubric.canonical import canonical, content_sha256, plain
from app.rubric.releases import Version, rfc3339

Outcome = Mapping[str, Any]
_KEPT = (
    "corrects",
    "minimum_version",
    "because",
    "notes",
    "published_at",
    "effective_from",
    "content_sha256",
)


def publish_by(remote: Remote, bundle: Bundle, options: PublishOptions) -> Outcome:
    """Publish a ladder on a server, and return what `ladder publish --json` prints.

    If someone changes the draft between push and publish, the server refuses to publish, so no work is lost.
    Raises the server's refusals.
    """
    slug = known_slug(remote, bundle.ladder)
    digest = content_sha256(canonical(bundle.ladder))
    if options.corrects is not None:
        return _correct(remote, slug, bundle, options, digest)
    newest = _newest(remote, slug, "@latest")
    if newest is not None and newest["content_sha256"] == digest:
        return _told("unchanged", newest)
    if not _is_draft(
        remote, slug, digest
    ):  # an unchanged draft is not sent, because a write would cancel its approval
        write_draft(remote, bundle.ladder, slug)
    try:
        answer = remote.post(f"/v1/ladders/{slug}/releases", _wanted(options, digest))
    except LadderError as error:
        error.add_note(f"The files are now in {slug}@draft. Nothing was published.")
        raise
    return _told("published", answer.json)


def _correct(remote: Remote, slug: str, bundle: Bundle, options: PublishOptions, digest: str) -> Outcome:
    """Publish a correction of the release in force."""
    current = _newest(remote, slug, "")
    if current is not None and current["content_sha256"] == digest:
        return _told("unchanged", current)
    correction = {"corrects": str(options.corrects), "document": plain(bundle.ladder)}
    answer = remote.post(f"/v1/ladders/{slug}/releases", _wanted(options, digest) | correction)
    return _told("published", answer.json)


def _newest(remote: Remote, slug: str, selector: str) -> Mapping[str, object] | None:
    """Return the newest release that is not withdrawn, or the one in force; None if there is none."""
    try:
        version = fetch_source(remote, f"{slug}{selector}").version
    except NotFound:
        return None
    found: Mapping[str, object] = remote.get(f"/v1/ladders/{slug}/releases/{version}").json
    return found


def _is_draft(remote: Remote, slug: str, digest: str) -> bool:
    try:
        return fetch_source(remote, f"{slug}@draft").content_sha256 == digest
    except NotFound:
        return False


def _wanted(options: PublishOptions, digest: str) -> dict[str, object]:
    """Return the body of the request."""
    wanted: dict[str, object] = {"content_sha256": digest}
    if options.number is not None:
        wanted["version" if isinstance(options.number, Version) else "bump"] = str(options.number)
    if options.notes is not None:
        wanted["notes"] = options.notes
    if options.effective_from is not None:
        wanted["effective_from"] = rfc3339(options.effective_from)
    if options.because is not None:
        wanted["because"] = options.because
    return wanted


def _told(outcome: str, release: Mapping[str, object]) -> Outcome:
    kept = {name: release.get(name) for name in _KEPT}
    missing_in = [] if outcome == "unchanged" else release.get("missing_in", [])
    return {
        "outcome": outcome,
        "ladder": release.get("ladder"),
        "release": release.get("version"),
        **kept,
        "missing_in": missing_in,
    }
