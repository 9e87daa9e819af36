"""The figures of the first reads of very large ladders."""

from bench.generate import slug_of
from bench.large_reads import PART, figures_of

_HOME = f"/v1/ladders/{slug_of(0)}@1.0.0"


def test_views_and_pages_have_a_budget_and_files_have_none() -> None:
    slow, fast = (
        {slug_of(0): {f"{_HOME}/matrix": (clock, 80.0), f"{_HOME}/matrix.csv?rows=facets": (900.0, 800.0)}}
        for clock in (310.0, 90.0)
    )
    view, file = figures_of([slow, fast, slow])
    assert (view.part, view.name, view.note) == (
        PART,
        "1.0.0/matrix, 700 levels",
        "80 ms of processor time",
    )
    assert view.verdict == "falls short"
    assert (file.name, file.verdict) == ("1.0.0/matrix.csv?rows=facets, 700 levels", "")
