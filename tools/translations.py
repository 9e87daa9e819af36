"""Extraction of the texts of the pages, and the update of their catalogues (`make translations`)."""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.web.pages.site.problems import problem_types
from app.web.translation.languages import CATALOGS, LANGUAGES

ROOT: Final = Path(__file__).parents[1]
_KEYWORDS: Final = {"N_": None, "NN_": (1, 2), "_": None, "gettext": None, "ngettext": (1, 2)}
_METHODS: Final = [("**.py", "python"), ("**.html", "jinja2")]
_OPTIONS: Final = {
    "**.html": {
        "trimmed": "true",
        "trim_blocks": "true",
        "lstrip_blocks": "true",
        "newstyle_gettext": "true",
        "silent": "false",
    }
}
_WIDTH: Final = 118


def template() -> Catalog:
    """Return the catalogue of all texts of the pages."""
    found = Catalog(charset="utf-8")
    texts = extract_from_dir(
        str(ROOT / "app" / "web"), _METHODS, _OPTIONS, _KEYWORDS, ("Translators:",), strip_comment_tags=True
    )
    for _, _, message, comments, context in texts:
        found.add(message, auto_comments=comments, context=context)
    for title in sorted({error.title for error in problem_types().values()}):
        found.add(title)
    return found


def path_of(code: str) -> Path:
    """Return the path of the catalogue of a language."""
    return CATALOGS / code / "LC_MESSAGES" / "pages.po"


def read(code: str) -> Catalog:
    """Return the catalogue of a language as it is stored."""
    with path_of(code).open("rb") as file:
        return read_po(file, code)


def updated(code: str, texts: Catalog) -> bytes:
    """Return the catalogue of a language with exactly these texts. Its translations stay, and new texts have none."""
    head, _, _ = path_of(code).read_bytes().partition(b"\n\n")
    catalog = read(code)
    catalog.update(texts, no_fuzzy_matching=True)
    written = BytesIO()
    write_po(
        written,
        catalog,
        width=_WIDTH,
        no_location=True,  # so that a text which moves changes nothing here
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
    )
    return head + b"\n\n" + written.getvalue()


def untranslated(code: str) -> Iterator[str]:
    """Yield the texts that a stored catalogue does not translate."""
    for message in read(code):
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and not all(texts):
            yield message.id if isinstance(message.id, str) else message.id[0]


def main() -> int:
    """Update every catalogue, and name what is left to translate."""
    texts = template()
    for code in LANGUAGES[1:]:
        path_of(code).write_bytes(updated(code, texts))
        missing = list(untranslated(code))
        print(f"{code}: {len(texts)} texts, {len(missing)} to translate in {path_of(code).relative_to(ROOT)}")
        for text in missing:
            print(f"  {text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
