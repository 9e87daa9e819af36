"""Drafts on a server."""

from app.cli.ladder_sources import ladder_of
from app.cli.remote import Remote
from app.errors import Conflict, NotFound
from app.rubric.canonical import canonical, content_sha256, plain
from app.rubric.ladder import Ladder


def known_slug(remote: Remote, ladder: Ladder) -> str:
    """Return the slug under which a server knows a ladder: its own, else the newest earlier one; its own if none."""
    for slug in (ladder.slug, *reversed(ladder.formerly)):
        try:
            found = remote.get(f"/v1/ladders/{slug}/releases?limit=1").json
        except NotFound:
            continue
        return str(found["ladder"])
    return ladder.slug


def write_draft(remote: Remote, ladder: Ladder, slug: str, expect: str | None = None) -> tuple[str, str]:
    """Upload a ladder as the draft; return `created`, `updated` or `unchanged`, and the content hash.

    `slug` is the one under which the server knows the ladder.

    Raises:
        Conflict: The draft is not the expected one.
        PreconditionFailed: Someone else changed it at the same time.
        LadderError: The server refuses or does not respond.
    """
    path = f"/v1/ladders/{slug}@draft/document"
    digest = content_sha256(canonical(ladder))
    try:
        before = remote.get(path)
    except NotFound:
        if expect is not None:
            raise Conflict(f"{slug!r} has no draft on the server.") from None
        remote.put(path, plain(ladder), etag=None)
        return "created", digest
    known = content_sha256(canonical(ladder_of(before)))
    if expect is not None and expect not in {known, digest}:
        raise Conflict(
            f"{slug}@draft has changed. Its content hash is now {known}. Pull it, then push again."
        )
    remote.put(path, plain(ladder), etag=before.etag)
    return "unchanged" if known == digest else "updated", digest
