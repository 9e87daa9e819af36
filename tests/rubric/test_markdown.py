"""Texts inside Markdown: whatever they contain, Markdown shows them as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.rubric.markdown import escaped

SIGNS = st.text(alphabet=st.sampled_from("1a .)-+*#>=_`~|&;!<>[](){}:\\/\"'$^\n\r\t"), max_size=24)
"""Texts in which nearly every character means something to Markdown."""
ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=24)
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def shown(markdown: str) -> tuple[str, list[str]]:
    """Return the text that Markdown shows, and the kinds of its blocks and marks."""
    tokens = MARKDOWN.parse(markdown)
    inner = [one for token in tokens for one in token.children or ()]
    text = "".join(one.content for one in inner)
    kinds = [one.type for one in (*tokens, *inner) if one.type not in {"inline", "text", "text_special"}]
    return text, kinds


@given(SIGNS | ANY_TEXT)
def test_a_text_is_shown_as_it_is_in_a_paragraph(text: str) -> None:
    line = " ".join(text.split())
    assert shown(escaped(text)) == (line, ["paragraph_open", "paragraph_close"] if line else [])


@given(SIGNS | ANY_TEXT)
def test_a_text_is_shown_as_it_is_in_a_list_item_and_in_a_heading(text: str) -> None:
    line = " ".join(text.split())
    for markdown in (f"- {escaped(text)}", f"## {escaped(text)}"):
        found, kinds = shown(markdown)
        assert found == line
        assert kinds[0] in {"bullet_list_open", "heading_open"}
        assert len(kinds) <= 6


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("1. Plans", r"1\. Plans"),
        ("12) Plans", r"12\) Plans"),
        ("1.5 years", "1.5 years"),
        ("- dash", r"\- dash"),
        ("+ plus", r"\+ plus"),
        ("# heading", r"\# heading"),
        ("> quote", r"\> quote"),
        ("---", r"\---"),
        ("one\ntwo", "one two"),
        ("| a | b |\n|---|---|", r"\| a \| b \| \|---\|---\|"),
        ("<b>bold</b>", r"\<b\>bold\</b\>"),
    ],
)
def test_a_text_that_looks_like_a_block_is_escaped(text: str, markdown: str) -> None:
    assert escaped(text) == markdown
