"""Content negotiation: content codings, media types and languages (RFC 9110, 12)."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, Literal

Coding = Literal["identity", "gzip", "br", "zstd"]

PREFERRED: Final[tuple[Coding, ...]] = ("br", "zstd", "gzip", "identity")
"""The content codings that the server can make, the preferred one first."""

_JSON: Final = ("application/json", "application/problem+json", "application/vnd.oai.openapi+json")
"""Media types that are JSON. A client that accepts only one of them gets JSON, also as `…+json`."""


@lru_cache(maxsize=512)
def choose_coding(accept_encoding: bytes | None) -> Coding | None:
    """Choose among identity, gzip, br and zstd (RFC 9110, 12.5.3).

    Without a header, or with an empty one, the answer is identity, because the client may understand nothing else.
    Return None if the client accepts none of the four (`q=0` excludes a coding).
    """
    if not accept_encoding:
        return "identity"
    weights = _weights(accept_encoding.decode("latin-1"))
    if "x-gzip" in weights:
        weights.setdefault("gzip", weights["x-gzip"])
    star = weights.get("*")
    best: Coding | None = None
    best_weight = 0.0
    for coding in PREFERRED:
        unsaid = (0.001 if star is None else star) if coding == "identity" else (star or 0.0)
        weight = weights.get(coding, unsaid)
        if weight > best_weight:
            best, best_weight = coding, weight
    return best


@lru_cache(maxsize=512)
def accepts(accept: bytes | None, media_type: str) -> bool:
    """Return whether an Accept header (RFC 9110, 12.5.1) admits a media type. A missing header admits all."""
    if not accept:
        return True
    return _weight_of(media_type, _weights(accept.decode("latin-1"))) > 0


@lru_cache(maxsize=512)
def prefer(accept: bytes | None, media_types: tuple[str, ...]) -> str | None:
    """Return the media type that an Accept header prefers, the first of equals; None if it admits none."""
    if not accept:
        return media_types[0]
    weights = _weights(accept.decode("latin-1"))
    best = max(media_types, key=lambda media_type: _weight_of(media_type, weights))
    return best if _weight_of(best, weights) > 0 else None


@lru_cache(maxsize=512)
def choose_language(accept_language: bytes, available: tuple[str, ...]) -> str:
    """Return the available language that an Accept-Language header prefers; the first if it names none of them."""
    weights = _weights(accept_language.decode("latin-1"))
    ranges = sorted((one for one in weights if weights[one] > 0), key=lambda one: -weights[one])
    return next(filter(None, (look_up_language(one, available) for one in ranges)), available[0])


def look_up_language(language_range: str, available: Sequence[str]) -> str | None:
    """Return the available language that a range means: the range, or its beginning (RFC 4647, 3.4: Lookup)."""
    subtags = language_range.lower().split("-")
    while subtags:
        found = "-".join(subtags)
        if found in available:
            return found
        subtags.pop()
        if subtags and len(subtags[-1]) == 1:
            subtags.pop()
    return None


def _weight_of(media_type: str, weights: Mapping[str, float]) -> float:
    """Return the weight of a media type: that of the most precise range it is in, 0 if it is in none."""
    main = media_type.partition("/")[0]
    others = _JSON if media_type == "application/json" or media_type.endswith("+json") else ()
    for pattern in (media_type, *others, f"{main}/*", "*/*"):
        if pattern in weights:
            return weights[pattern]
    return 0.0


def _weights(header: str) -> dict[str, float]:
    """Return the members of an Accept-like header in lower case, without parameters, each with its weight."""
    weights: dict[str, float] = {}
    for member in header.split(","):
        name, *parameters = (part.strip().lower() for part in member.split(";"))
        if name:
            weights[name] = _weight(parameters)
    return weights


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(0.0, float(value)), 1.0)  # in this order, NaN is 0
            except ValueError:
                return 0.0
    return 1.0
