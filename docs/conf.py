"""The configuration of the documentation site. `make docs` builds it with Sphinx.

The source folder is the root of the checkout, so that links work the same on the site and in the repository. The
sidebar follows docs/README.md: each of its headings becomes a caption, each of its links an entry.
"""

import re
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
project = "Career Ladder API"
copyright = "The Career Ladder API authors"  # noqa: A001 - Sphinx reads this name
extensions = ["myst_parser"]
root_doc = "README"
include_patterns = ["*.md", "docs/**.md"]
exclude_patterns = [".*", "app", "bench", "clients", "dist", "migrations", "seed", "tests", "tools", "var"]
source_suffix = {".md": "markdown"}
nitpicky = True
suppress_warnings = ["misc.highlighting_failure"]  # some examples are shortened with "…"
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]
html_theme = "furo"
html_title = project
html_copy_source = False
html_use_index = False
html_show_sourcelink = False
html_show_search_summary = False  # summaries are fetched, which a browser forbids for files on disk

_ITEM: Final = re.compile(r"^- \[[^\]]+\]\(([^)#]+\.md)\)", re.MULTILINE)


def sections(text: str) -> list[tuple[str, list[str]]]:
    """Return each heading of an index page with the pages that its list names."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    found = zip(parts[1::2], parts[2::2], strict=True)
    return [("", _ITEM.findall(parts[0])), *((title, _ITEM.findall(body)) for title, body in found)]


def toctree(caption: str, pages: list[str]) -> str:
    """Return a hidden table of contents as Markdown."""
    entries = "\n".join(page.removesuffix(".md") for page in pages)
    shown = f":caption: {caption}\n" if caption else ""
    return f"\n\n```{{toctree}}\n:hidden:\n{shown}\n{entries}\n```\n"


def add_tables_of_contents(_application: Any, name: str, source: list[str]) -> None:  # noqa: ANN401 - Sphinx's own
    """Add to an index page the tables of contents that its lists stand for."""
    if name == "README":
        index = sections((ROOT / "docs/README.md").read_text("utf-8"))
        found = [(title, [f"/docs/{page}" for page in pages]) for title, pages in index]
        project = ["/docs/README", "/CHANGELOG", "/CONTRIBUTING", "/SECURITY"]
        found = [("Project", project), *found]
    elif name.endswith("decisions/README"):
        found = [("", _ITEM.findall(source[0]))]
    else:
        return
    source[0] += "".join(toctree(title, pages) for title, pages in found if pages)


def setup(application: Any) -> None:  # noqa: ANN401 - Sphinx's own
    """Register the hook that builds the sidebar."""
    application.connect("source-read", add_tables_of_contents)
