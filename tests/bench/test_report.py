"""The report: a table that says which budgets are missed, JSON that reads back, and the page that holds it."""

import json

import pytest

from bench.figures import Budget, Figure, Spread
from bench.report import Report, from_json, insert, render, summary, to_json

FIGURES = (
    Figure("Hot reads", "small resource", "x", Spread(0.95, 0.94, 0.97), Budget("at least", 0.9), "ours"),
    Figure("Hot reads", "HEAD", "x", Spread(0.81, 0.8, 0.82), Budget("at least", 0.9)),
    Figure("Hot reads", "with a key", "x", None, Budget("at least", 0.85)),
    Figure("Many ladders", "memory", "MB", Spread(1234.5, 1234.5, 1234.5), note="a | b"),
)
REPORT = Report("full", "2026-01-02T03:04:05Z", {"processor": "two cores"}, FIGURES)

RENDERED = """\
Taken 2026-01-02T03:04:05Z, full form.

- processor: two cores

### Hot reads

| what           | measured | lowest and highest | budget    | verdict         | beside |
|----------------|----------|--------------------|-----------|-----------------|--------|
| small resource | 0.950 x  | 0.940 x to 0.970 x | ≥ 0.900 x | reached         | ours   |
| HEAD           | 0.810 x  | 0.800 x to 0.820 x | ≥ 0.900 x | **falls short** |        |
| with a key     |          |                    | ≥ 0.850 x | not there yet   |        |

### Many ladders

| what   | measured | lowest and highest | budget | verdict | beside |
|--------|----------|--------------------|--------|---------|--------|
| memory | 1,234 MB |                    |        |         | a / b  |

**1 of 2 budgets reached. Falls short: HEAD. Not there yet: with a key.**
"""


def test_the_table_has_the_budget_and_verdict_next_to_each_figure() -> None:
    assert render(REPORT) == RENDERED


def test_a_run_reads_back_from_its_json() -> None:
    assert from_json(to_json(REPORT)) == REPORT


def test_the_json_tells_verdicts_to_machines() -> None:
    verdicts = [figure["verdict"] for figure in json.loads(to_json(REPORT))["figures"]]
    assert verdicts == ["reached", "falls short", "not there yet", ""]


def test_where_all_is_reached_the_summary_names_nothing() -> None:
    assert summary(FIGURES[:1]) == "1 of 1 budgets reached."


def test_the_page_keeps_what_stands_around_the_markers() -> None:
    page = "# Speed\n\n<!-- bench:begin -->\n\nold\n\n<!-- bench:end -->\n\nMore.\n"
    expected = "# Speed\n\n<!-- bench:begin -->\n\nnew\n\n<!-- bench:end -->\n\nMore.\n"
    assert insert(page, "new\n") == expected
    assert insert(expected, "new\n") == expected


@pytest.mark.parametrize("page", ["", "<!-- bench:begin -->", "<!-- bench:end -->"])
def test_a_page_without_markers_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="lacks its markers"):
        insert(page, "new")
