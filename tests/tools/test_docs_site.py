"""The check of the documentation site finds what a page would load from elsewhere."""

from pathlib import Path

import pytest

from tools.docs_site import faults, resources


@pytest.mark.parametrize(
    ("html", "loaded"),
    [
        ('<a href="https://example.org/">x</a>', []),
        ('<link rel="stylesheet" href="https://example.org/a.css">', ["https://example.org/a.css"]),
        ('<script src="a.js"></script><img src="b.png" srcset="c.png 1x, d.png 2x">', [
            "a.js", "b.png", "c.png", "d.png"
        ]),
        ('<p style="background: url(//example.org/x.png)">', ["//example.org/x.png"]),
    ],
)  # fmt: skip
def test_a_page_loads_what_its_elements_and_styles_name(html: str, loaded: list[str]) -> None:
    assert resources(html) == loaded


def test_a_resource_of_another_host_or_a_missing_one_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<img src="b.svg"><img src="c.svg"><img src="data:,"><script src="//h/x.js">'
    )
    (tmp_path / "b.svg").touch()
    (tmp_path / "s.css").write_text('@import "https://h/y.css"; p { background: url("b.svg") }')
    (tmp_path / "s.js").write_text('fetch("https://h/z.json"); const link = "https://h/docs";')
    assert list(faults(tmp_path)) == [
        "a.html: c.svg is missing",
        "a.html: loads //h/x.js from another host",
        "s.css: loads https://h/y.css from another host",
        's.js: loads fetch("https://',
    ]
