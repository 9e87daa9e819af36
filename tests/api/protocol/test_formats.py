"""Tables for spreadsheets."""

import csv
from io import StringIO

import pytest

from app.api.views.text_formats import table


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_text_that_looks_like_a_formula_gets_an_apostrophe(begin: str) -> None:
    answer = table(["a"], [[f"{begin}1+1"], [f"x{begin}"]])
    rows = list(csv.reader(StringIO(bytes(answer.body).decode(), newline="")))
    assert rows == [["a"], [f"'{begin}1+1"], [f"x{begin}"]]
