"""Finishes and checks the documentation site: `python -m tools.docs_site FOLDER`, the last step of `make docs`.

It copies the pictures that pages show in plain HTML, makes the front page the site's index, and fails if any page
would load something from another host, or lacks a file that it needs.
"""

import re
import shutil
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

ROOT: Final = Path(__file__).parents[1]
_LOADING: Final = {
    "audio": ("src",),
    "embed": ("src",),
    "iframe": ("src",),
    "img": ("src", "srcset"),
    "input": ("src",),
    "link": ("href",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "track": ("src",),
    "video": ("src", "poster"),
}
"""Attributes whose URL a browser loads by itself, by element."""
_CSS_URL: Final = re.compile(r"""(?:url\(\s*|@import\s+)["']?([^"')\s]+)""")
_SCRIPT_URL: Final = re.compile(r"""(?:fetch|import|importScripts|open)\(\s*["'`](https?:)?//""")


class _Resources(HTMLParser):
    """The URLs that a page loads by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element loads."""
        for name, value in attrs:
            if value and name in _LOADING.get(tag, ()):
                parts = value.split(",") if name == "srcset" else [value]
                self.found += [part.split()[0] for part in parts if part.strip()]
            if value and name == "style":
                self.found += _CSS_URL.findall(value)


def resources(text: str) -> list[str]:
    """Return the URLs that a page of this HTML loads by itself."""
    parser = _Resources()
    parser.feed(text)
    return parser.found


def faults(site: Path) -> Iterator[str]:
    """Yield a line for each resource that comes from another host or is missing."""
    for file in sorted(path for path in site.rglob("*") if path.suffix in {".html", ".css", ".js"}):
        text = file.read_text("utf-8", errors="replace")
        place = file.relative_to(site)
        if file.suffix == ".js":
            yield from (f"{place}: loads {found[0]}" for found in _SCRIPT_URL.finditer(text))
            continue
        for url in resources(text) if file.suffix == ".html" else _CSS_URL.findall(text):
            parts = urlsplit(url)
            if parts.scheme == "data":
                continue
            if parts.scheme or parts.netloc:
                yield f"{place}: loads {url} from another host"
            elif parts.path and not (file.parent / unquote(parts.path)).exists():
                yield f"{place}: {url} is missing"


def finish(site: Path) -> None:
    """Add the pictures that pages show in plain HTML, and the index."""
    shutil.copytree(ROOT / "docs/images", site / "docs/images", dirs_exist_ok=True)
    shutil.copyfile(site / "README.html", site / "index.html")


def main(arguments: list[str]) -> int:
    """Finish and check the site in a folder, and return the exit code."""
    site = Path(arguments[0])
    finish(site)
    found = list(faults(site))
    print(*found, sep="\n", end="\n" if found else "")
    pages = len(list(site.rglob("*.html")))
    print(f"{site}: {pages} pages, {len(found)} faults. Open {site}/index.html in a browser.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
