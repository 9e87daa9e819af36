"""Rules of values that programs read: language tags, URLs, codes and external ids."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from app.rubric.ladder import Level
from app.rubric.rules.findings import Finding, Rule, RuleContext

_LONGEST: Final = 80
_SHORTEST_NAME: Final = 4
"""Letters of the shortest word that is taken for the name of a language, such as `thai`."""
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_NOT_IN_A_URL: Final = re.compile(r'[\s\x00-\x20\x7f-\x9f<>"{}|\\^`]')
_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SCRIPTS: Final = frozenset({"javascript", "data", "vbscript"})


def language_tags(context: RuleContext) -> Iterator[Finding]:
    """Find languages that are not tags of the registry (BCP 47)."""
    named = [("/language", context.ladder.language)]
    named += [
        (f"/translations/{at}/language", one.language) for at, one in enumerate(context.ladder.translations)
    ]
    faults = {language: _language_fault(language) for _, language in named}
    for path, language in named:
        if (fault := faults[language]) is not None:
            yield Finding(path, "unknown-language", fault)


def urls(context: RuleContext) -> Iterator[Finding]:
    """Find URLs of references, sources, the licence and alignments that are not URLs."""
    if context.ladder.licence is not None:
        yield from _url("/licence/url", context.ladder.licence.url)
    for node in context.index.nodes:
        entity = node.entity
        for at, link in enumerate(entity.references):
            yield from _url(f"{node.pointer}/references/{at}/url", link.url)
        for at, source in enumerate(entity.sources):
            yield from _url(f"{node.pointer}/sources/{at}/url", source.url)
        for at, alignment in enumerate(entity.alignments):
            yield from _url(f"{node.pointer}/alignments/{at}/uri", alignment.uri, absolute=True)


def codes(context: RuleContext) -> Iterator[Finding]:
    """Find codes and external ids with white space at an end, or with a line break."""
    for node in context.index.nodes:
        if isinstance(node.entity, Level) and node.entity.code is not None:
            yield from _code(f"{node.pointer}/code", node.entity.code)
        for at, external in enumerate(node.entity.external_ids):
            yield from _code(f"{node.pointer}/external_ids/{at}/id", external.id)


def _language_fault(language: str) -> str | None:
    import langcodes  # noqa: PLC0415 - reads the registry

    if langcodes.tag_is_valid(language):
        return None
    return f"{language!r} is not a language tag (BCP 47); write {_tag_for(language)}"


def _tag_for(language: str) -> str:
    """Return the tag of a language's name, or examples of tags."""
    import langcodes  # noqa: PLC0415 - reads the registry

    try:
        if len(language) >= _SHORTEST_NAME:
            return repr(langcodes.find(language).to_tag())
    except LookupError:
        pass
    return "one such as 'en' or 'pt-BR'"


def _url(path: str, url: str | None, *, absolute: bool = False) -> Iterator[Finding]:
    fault = None if url is None else _url_fault(url, absolute=absolute)
    if url is not None and fault is not None:
        shown = url if len(url) <= _LONGEST else f"{url[: _LONGEST - 1]}…"
        yield Finding(path, "invalid-url", f"{shown!r} is not a URL: {fault}")


def _url_fault(url: str, *, absolute: bool) -> str | None:
    """Return what is wrong with a URL (RFC 3986, other scripts allowed) and how to fix it, or None."""
    if (found := _NOT_IN_A_URL.search(url)) is not None:
        return f"it contains {found[0]!r}; delete it, or write it as {_percent(found[0])!r}"
    if _ESCAPE.search(url) is not None:
        return "a '%' is not followed by two hexadecimal digits; write '%25' for the sign itself"
    scheme = _SCHEME.match(url)
    if scheme is None:
        needed = absolute or url.lower().startswith("www.")
        return "it has no scheme; begin it with 'https://'" if needed else None
    name = scheme[1].lower()
    if name in _SCRIPTS:
        return f"{name!r} is not a place; write the URL of a page"
    return _web_fault(url) if name in {"http", "https"} else None


def _web_fault(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        port_is_usable = parts.port != 0
    except ValueError:
        return "its host or port cannot be read; correct them"
    if not parts.hostname:
        return "it names no host; write it as 'https://host/path'"
    return None if port_is_usable else "port 0 cannot be used; correct it"


def _percent(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def _code(path: str, code: str) -> Iterator[Finding]:
    if code != code.strip() or len(code.splitlines()) > 1:
        shown = code if len(code) <= _LONGEST else f"{code[: _LONGEST - 1]}…"
        message = f"{shown!r} has white space at an end or a line break; write {' '.join(shown.split())!r}"
        yield Finding(path, "loose-space", message)


RULES: Final[tuple[Rule, ...]] = (language_tags, urls, codes)
