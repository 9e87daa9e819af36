"""The figures of searches."""

from bench.searches import QUESTIONS, figures_of


def test_the_budget_is_on_the_median_of_all_searches() -> None:
    times = {question: [(number + 1.0, 1.0)] * 3 for number, question in enumerate(QUESTIONS)}
    figures = list(figures_of("SQLite", 1_000, times))
    assert [figure.name for figure in figures] == ["search across ladders, p50 over all", *QUESTIONS]
    assert figures[0].part == "Searching 1,000 ladders, on SQLite"
    assert figures[0].spread is not None
    assert (figures[0].spread.middle, figures[0].verdict) == (5.0, "reached")
    assert figures[0].note == "10 questions, each asked 31 times; p99 10 ms"
    assert figures[1].note == "`777`, 1 ms of processor time"
    assert {figure.verdict for figure in figures[1:]} == {""}
