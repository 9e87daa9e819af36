"""Drafts on a server."""

from app.cli.ladder_sources import ladder_of
from app.cli.remote import Remote
from app.errors import Conflict, NotFound
from app.rubric.canonical import canonical, content_sha256, plain
from app.rubric.ladder import Ladder


def write_draft(remote: Remote, ladder: Ladder, expect: str | None = None) -> tuple[str, str]:
    """Upload a ladder as the draft; return `created`, `updated` or `unchanged`, and the content hash.

    Raises:
        Conflict: The draft is not the expected one.
        PreconditionFailed: Someone else changed it at the same time.
        LadderError: The server refuses or does not respond.
    """
    path = f"/v1/ladders/{ladder.slug}@draft/document"
    digest = content_sha256(canonical(ladder))
    try:
        before = remote.get(path)
    except NotFound:
        if expect is not None:
            raise Conflict(f"{ladder.slug!r} has no draft on the server.") from None
        remote.put(path, plain(ladder), etag=None)
        return "created", digest
    known = content_sha256(canonical(ladder_of(before)))
    if expect is not None and expect not in {known, digest}:
        raise Conflict(
            f"{ladder.slug}@draft has changed. Its content hash is now {known}. Pull it, then push again."
        )
    remote.put(path, plain(ladder), etag=before.etag)
    return "unchanged" if known == digest else "updated", digest
