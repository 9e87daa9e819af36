"""Plain messages for the errors of the YAML parser, each with a fix."""

from typing import Final

from ruamel.yaml.error import MarkedYAMLError

from app.formats.syntax.nodes import echo

_WORDS: Final = (
    ("mapping values are not allowed", "a `: ` in plain text, or wrong indentation; put the text in quotes"),
    (
        "could not find expected ':'",
        "a property needs `: ` after its name; add it, or correct the indentation",
    ),
    ("found unexpected ':'", "a colon without a space after it; add the space, or put the text in quotes"),
    ("expected key", "the indentation does not fit the lines above; align it with its siblings"),
    ("expected '-' indicator", "the indentation does not fit the list above; align it with its items"),
    ("expected <document start>", "the indentation does not fit the lines above; align it with them"),
    (
        "expected comment or line break",
        "there is text after the `|` or `>`; put it on the next line",
    ),
    ("did not find expected ','", "brackets are not closed, or a comma is missing; correct it"),
    ("expected node content", "a value is expected here; write one, or delete the character before it"),
    ("found unexpected end of stream", "a quote is never closed; close it"),
    ("found unexpected document indicator", "a quote is never closed before `---`; close it"),
    ("invalid Unicode character escape", "an escape that is not a character; write the character itself"),
    ("unknown escape character", "an unknown escape; write two backslashes for one within double quotes"),
    ("are not allowed in this context", "a list or mapping cannot begin here; begin it on a line of its own"),
    ("undefined tag handle", "tags (`!`) are not supported; delete it"),
)

_TAB: Final = "a tab in the indentation; indent with spaces"


def explain(error: MarkedYAMLError, text: str, at: int) -> str:
    """Return one line that says what is wrong at the offset `at` and how to fix it."""
    problem = str(error.problem or error.context or "unknown")
    if "tab character" in problem:
        return _TAB
    if "cannot start any token" in problem:
        return _bad_start(text, at)
    for known, words in _WORDS:
        if known in problem:
            return words
    return f"not valid YAML ({echo(problem)}); correct the syntax here or just above"


def _bad_start(text: str, at: int) -> str:
    line_start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    if "\t" in text[line_start : at + 1]:
        return _TAB
    return f"a plain text cannot begin with `{echo(text[at : at + 1])}`; put it in quotes"
