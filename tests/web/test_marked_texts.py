"""All words of ours on a page are marked for translation: with a catalogue that marks texts, no bare word is left.

The content of the ladder is in Greek letters here, so a Latin word is ours.
"""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from gettext import NullTranslations
from html import unescape
from typing import Any, Final

import pytest

from app.rubric.canonical import canonical
from app.rubric.ladder import Ladder
from app.web.layout import frame, rendering
from app.web.translation.languages import Language
from tests.api.drafting import write_draft
from tests.api.serving import NOW, Api, serve
from tests.databases import SqliteDatabases
from tests.seed.bundles import ladder_of
from tests.web.editing.authors import author

_LATIN: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_GREEK: Final = str.maketrans(_LATIN, "αβψδεφγηιξκλμνοπχρστυωςχυζΑΒΨΔΕΦΓΗΙΞΚΛΜΝΟΠΧΡΣΤΥΩΣΧΥΖ")
_TEXTS: Final = frozenset(
    (
        *(
            "title",
            "summary",
            "description",
            "text",
            "question",
            "answer",
            "scope",
            "category",
            "group",
            "items",
        ),
        *(
            "code",
            "attribution",
            "reason",
            "author",
            "note",
            "framework",
            "other_titles",
            "name",
            "licence",
            "id",
        ),
    )
)
"""Properties that are texts of authors."""
_EVERYWHERE: Final = frozenset(
    (
        "Career",
        "Ladder",
        "API",
        "OpenAPI",
        "JSON",
        "Schema",
        "CSV",
        "XLSX",
        "SVG",
        "UTC",
        "November",
        "Griechisch",
        "Dezember",
        "curl",
    )
) | {"Python", "JavaScript", "Deutsch", "Griechisch", "November", "Dezember"}
"""Words that are the same in every language, or come from elsewhere."""
_OF_AUTHORS: Final = frozenset(("article", "research", "netflix", "engineering", "level", "competency")) | {
    "technical",
    "leadership",
}
"""Words in slugs that pages show: the kinds of links, and entities of a ladder that is not there."""
_SKIPPED: Final = re.compile(
    r"<(script|code|pre|textarea|title)\b.*?</\1>|<select[^>]*name=.language.*?</select>|https?://[^\s<]+"
    r'|<(span|small|p|ul) [^>]*lang="en"[^>]*>.*?</\2>',
    re.DOTALL,
)
_ATTRIBUTE: Final = re.compile(r'\b(?:aria-label|alt|title|placeholder|content)="([^"]*)"')
_MARKED: Final = re.compile(r"⟦[^⟦⟧]*⟧")
_WORD: Final = re.compile(r"[A-Za-z]{2,}")
PATHS: Final = (
    "",
    "/levels/l5",
    "/levels/l5/check",
    "/levels/l5/history",
    "/matrix",
    "/matrix?rows=facets",
    "/matrix?level=l4",
    "/compare",
    "/compare?from=l4&to=l5",
    "/competencies/technical-leadership",
    "/competencies/technical-leadership/history",
    "/glossary",
    "/faqs",
    "/pages/progression",
    "/print",
    "/releases",
    "/diff?from=1.0.0&to=1.1.0",
    "/search",
    "/search?q=zzz",
    "/findings",
)
_OF_AUTHORS_PATHS: Final = (
    "/work",
    "/new",
    "/new/copy",
    "/new/file",
    "/people",
    "/people/new",
    "/people/keys",
    "/people/keys/new",
    "/ladders/example-engineering@draft",
    "/ladders/example-engineering@draft/edit",
    "/ladders/example-engineering@draft/about/edit",
    "/ladders/example-engineering@draft/levels/l5/edit",
    "/ladders/example-engineering@draft/levels/l5/in/technical-leadership/edit",
    "/ladders/example-engineering@draft/competencies/technical-leadership/edit",
    "/ladders/example-engineering@draft/translations/edit",
    "/ladders/example-engineering@draft/levels/l5/remove",
    "/ladders/example-engineering@draft/findings",
    "/ladders/example-engineering@draft/import",
    "/ladders/example-engineering@draft/discard",
    "/ladders/example-engineering@draft/publish",
    "/ladders/example-engineering/reviews",
    "/ladders/example-engineering/reviews/new",
    "/ladders/example-engineering/releases",
    "/ladders/example-engineering/releases/1.2.0/reschedule",
    "/ladders/example-engineering/releases/1.0.0/retire",
    "/ladders/example-engineering/releases/1.0.0/withdraw",
    "/ladders/example-engineering/log",
    "/ladders/example-engineering/settings",
)


class Marked(NullTranslations):
    """A catalogue in which every translation shows that it is one."""

    def gettext(self, message: str) -> str:
        """Return the text between marks."""
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the text for a number between marks."""
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


def greek(value: Any, key: str = "") -> Any:  # noqa: ANN401 - any part of a document
    """Return a part of a document with its texts in Greek letters."""
    if isinstance(value, dict):
        return {name: greek(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [greek(one, key) for one in value]
    return value.translate(_GREEK) if isinstance(value, str) and key in _TEXTS else value


def bare_words(page: str) -> Iterator[str]:
    """Yield the Latin words of a page that are between no marks."""
    body = page.partition("<body>")[2]
    text = re.sub(r"<[^>]*>", " ", _SKIPPED.sub(" ", body))
    for part in (text, *_ATTRIBUTE.findall(body)):
        bare, before = unescape(part), ""
        while bare != before:
            before, bare = bare, _MARKED.sub(" ", bare)
        yield from (word for word in _WORD.findall(bare) if word not in _EVERYWHERE | _OF_AUTHORS)


@pytest.fixture(scope="module")
def api(sqlite_databases: SqliteDatabases) -> Iterator[Api]:
    """Serve a ladder of Greek letters with releases and a draft, and mark every text of ours."""
    marked = Language("de", Marked())
    with pytest.MonkeyPatch.context() as patch, sqlite_databases.fresh("migrated") as url, serve(url) as api:
        for module in (rendering, frame):
            patch.setattr(module, "language_of", lambda _: marked)
        for version in ("1.0.0", "1.1.0"):
            api.publish(in_greek(version), version, NOW)
        api.publish(in_greek("1.0.0"), "1.2.0", NOW, NOW + timedelta(days=9))
        write_draft(api, in_greek("1.1.0"), "Αδα")
        yield api


def in_greek(version: str) -> Ladder:
    """Return a bundled ladder with its texts in Greek letters."""
    document = json.loads(canonical(ladder_of(f"example-engineering/{version}")))
    return Ladder.model_validate(greek(document) | {"language": "el"})


@pytest.mark.parametrize("path", PATHS)
def test_every_word_of_ours_is_marked(api: Api, path: str) -> None:
    answer = api.client.get(f"/ladders/example-engineering{path}", headers={"accept": "text/html"})
    assert answer.status_code == 200
    assert set(bare_words(answer.text)) == set()


@pytest.mark.parametrize("path", ["/", "/search", "/sign-in", "/ladders/none", "/nowhere"])
def test_every_word_of_ours_is_marked_on_pages_of_no_ladder(api: Api, path: str) -> None:
    assert set(bare_words(api.client.get(path, headers={"accept": "text/html"}).text)) == set()


def test_every_word_of_ours_is_marked_on_pages_for_authors(api: Api) -> None:
    browser = author(api, "Αδα", "read", "write", "review", "publish", "admin")
    found = {}
    for path in _OF_AUTHORS_PATHS:
        answer = browser.get(path)
        found[path] = answer.status_code, sorted(set(bare_words(answer.text)))
    assert {path: one for path, one in found.items() if one != (200, [])} == {}
