"""Pages name only existing files, headings, make targets and places in the code."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, anchors, code, links, text_of

_ids = [str(page.relative_to(ROOT)) for page in PAGES]
PLACE = re.compile(r"(?:app|bench|deploy|docs|migrations|requirements|seed|tests|tools)/[\w./-]*")


@pytest.mark.parametrize("page", PAGES, ids=_ids)
def test_every_link_leads_to_a_file_and_a_heading_of_it(page: Path) -> None:
    broken = []
    for link in links(page.read_text("utf-8")):
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        if not target.exists() or (anchor and anchor not in anchors(target.read_text("utf-8"))):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=_ids)
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    phony = re.findall(r"^\.PHONY: (.+)$", text_of("Makefile"), re.MULTILINE)
    targets = {target for line in phony for target in line.split()}
    named = (re.findall(r"\bmake ([a-z-]+)", piece) for piece in code(page.read_text("utf-8")))
    assert {target for found in named for target in found} <= targets


@pytest.mark.parametrize("page", PAGES, ids=_ids)
def test_every_file_and_folder_that_is_named_exists(page: Path) -> None:
    named = {piece for piece in code(page.read_text("utf-8")) if PLACE.fullmatch(piece)}
    assert sorted(place for place in named if not (ROOT / place).exists()) == []


def test_every_page_of_the_docs_is_reachable_from_the_index() -> None:
    index = ROOT / "docs/README.md"
    waiting, reached = [index], {index}
    while waiting:
        page = waiting.pop()
        targets = (link.partition("#")[0] for link in links(page.read_text("utf-8")))
        found = {(page.parent / target).resolve() for target in targets if target.endswith(".md")}
        new = {target for target in found if target.is_relative_to(ROOT / "docs")} - reached
        reached |= new
        waiting += sorted(new)
    assert set((ROOT / "docs").rglob("*.md")) - reached == set()


def test_every_deployment_file_is_named_by_a_page() -> None:
    named = {
        (page.parent / link.partition("#")[0]).resolve()
        for page in PAGES
        for link in links(page.read_text("utf-8"))
    }
    text = "".join(page.read_text("utf-8") for page in PAGES)
    files = [path for path in (ROOT / "deploy").rglob("*") if path.is_file()]
    assert [str(path) for path in files if path not in named and f"deploy/{path.name}" not in text] == []


def test_the_list_of_decisions_has_each_with_its_title() -> None:
    listed = re.findall(r"^- \[(.+)\]\((.+)\)$", text_of("docs/decisions/README.md"), re.MULTILINE)
    written = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
    titles = [page.read_text("utf-8").splitlines()[0].removeprefix("# ") for page in written]
    assert listed == [(title, page.name) for title, page in zip(titles, written, strict=True)]


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(page.name[:4]) for page in sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_architecture_names_every_room() -> None:
    rooms = {f"app/{place.name}" for place in (ROOT / "app").iterdir() if (place / "__init__.py").exists()}
    assert rooms <= {piece.rstrip("/") for piece in code(text_of("docs/explanation/architecture.md"))}
