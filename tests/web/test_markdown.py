"""Markdown: rendered as its author meant it, without running or loading anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.layout.markdown import line, markdown, plain_text, safe_url


def test_a_text_without_markup_is_one_paragraph() -> None:
    assert markdown('Says  "no" — and won\'t\u200b.') == '<p>Says  "no" — and won\'t\u200b.</p>'


def test_headings_are_shifted_to_the_level_of_the_page() -> None:
    assert markdown("## One\n\ntext\n\n### Two", 3) == "<h3>One</h3>\n<p>text</p>\n<h4>Two</h4>"
    assert markdown("# a\n\n###### b", 5) == "<h5>a</h5>\n<h6>b</h6>"


def test_lists_tables_and_emphasis_are_rendered() -> None:
    assert markdown("- a\n- *b*") == "<ul>\n<li>a</li>\n<li><em>b</em></li>\n</ul>"
    assert "<td>1</td>" in markdown("| x |\n|---|\n| 1 |")
    assert markdown("~~gone~~") == "<p><s>gone</s></p>"


def test_an_inline_text_has_no_paragraph_unless_it_has_several_lines() -> None:
    assert line("reads `code`") == "reads <code>code</code>"
    assert line("one\n\ntwo") == "<p>one</p>\n<p>two</p>"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x](data:text/html,x)", "<p>[x](data:text/html,x)</p>"),
        ("[x](vbscript:x)", "<p>[x](vbscript:x)</p>"),
        (
            "![a picture](https://example.org/p.png)",
            '<p><a href="https://example.org/p.png" rel="noopener noreferrer nofollow">a picture</a></p>',
        ),
        (
            "[x](https://example.org/?a=1&b=2)",
            '<p><a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer nofollow">x</a></p>',
        ),
    ],
)
def test_rendered_markdown_runs_and_loads_nothing(text: str, html: str) -> None:
    assert markdown(text) == html


@given(st.text(alphabet="ab <>&\"'`*_[]()!#-\n|:/=\\", max_size=60))
def test_any_text_renders_to_allowed_tags_only(text: str) -> None:
    for html in (markdown(text), line(text)):
        assert "<script" not in html
        assert "<img" not in html
        assert " on" not in html.replace(text, "")


def test_plain_text_has_no_markdown() -> None:
    assert plain_text("# One\n\nsays *two* and [three](https://example.org)") == "One says two and three"


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.org", True),
        ("mailto:a@example.org", True),
        ("/v1/ladders", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("JAVASCRIPT:alert(1)", False),
        ("data:text/html,x", False),
        ("http://[", False),
        ("words", False),
    ],
)
def test_only_links_with_a_safe_scheme_are_kept(url: str, *, safe: bool) -> None:
    assert (safe_url(url) == url) is safe
