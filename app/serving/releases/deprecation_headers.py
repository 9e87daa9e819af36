"""Deprecations and withdrawals of a release as headers of its pinned answers.

Added when an answer is sent: neither what is kept nor its entity tag knows of it, for a release never changes.
Deprecation and its link are RFC 9745, Sunset and its link RFC 8594. Both links lead to what is known about the
release, which tells the reason and what to read instead.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC
from email.utils import format_datetime

from app.rubric.releases import Release

Headers = tuple[tuple[bytes, bytes], ...]


def notices_of(releases: Iterable[Release]) -> dict[str, Headers]:
    """Return the headers of each release that was deprecated or withdrawn, by its identity.

    The target of the link lacks the prefix under which the API is served; `announced` adds it.
    """
    return {release.identity: _headers(release) for release in releases if release.retirements}


def announced(notices: Mapping[str, Headers], pinned: Iterable[str], root_path: str) -> Headers:
    """Return the headers for an answer that was read from these releases: those of the first that has any."""
    for identity in pinned:
        found = notices.get(identity)
        if found is not None:
            *first, (name, link) = found
            return (*first, (name, link.replace(b"</", b"<" + root_path.encode() + b"/")))
    return ()


def _headers(release: Release) -> Headers:
    """Return the headers of one release. Their date is that of the first event: a withdrawal deprecates, too."""
    events = release.retirements
    about = f"</v1/ladders/{release.ladder}/releases/{release.version}>"
    since = f"@{int(events[0].at.timestamp())}".encode()
    link = f'{about}; rel="deprecation"; type="application/json"'
    sunset = next((event.sunset for event in reversed(events) if event.sunset is not None), None)
    if sunset is None:
        return ((b"deprecation", since), (b"link", link.encode()))
    date = format_datetime(sunset.astimezone(UTC), usegmt=True).encode()
    both = f'{link}, {about}; rel="sunset"; type="application/json"'
    return ((b"deprecation", since), (b"sunset", date), (b"link", both.encode()))
