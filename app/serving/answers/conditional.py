"""Conditional requests: whether a client already has the response, so that it gets 304 (RFC 9110, 13).

Every read decides by `not_modified`: hot reads, cold reads and reads of drafts. Preconditions of writes are in
`api/writing/preconditions.py`.
"""

import re
from typing import Final

_TAG: Final = re.compile(rb'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_CODED: Final = re.compile(rb'(?:--?|[;:+])(?:gzip|br|zstd|deflate)"')
"""The suffixes that proxies add to an entity tag when they compress: `-gzip` (Apache), `--gzip` (Jetty), `;gzip`."""


def not_modified(if_none_match: bytes, etag: bytes) -> bool:
    """Return whether an If-None-Match header names this entity tag, or any (`*`), by weak comparison.

    A proxy that compresses adds the coding to the tag, such as `"abc-gzip"`; that is still the same version.
    """
    if if_none_match == etag or if_none_match.strip() == b"*":
        return True
    return etag in _TAG.findall(_CODED.sub(b'"', if_none_match))
