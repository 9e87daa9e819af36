"""The figures of views."""

from bench.views import BUDGETED, PART, figures_of


def test_the_budget_is_on_each_view_of_the_ladder_of_300_entities() -> None:
    first = {"acme": {"next": [(9.0, 8.0)]}, BUDGETED: {"next": [(1.0, 1.0), (2.0, 1.5), (7.0, 7.0)]}}
    second = {"acme": {"next": [(9.0, 8.0)]}, BUDGETED: {"next": [(1.0, 1.0), (3.0, 2.5), (7.0, 7.0)]}}
    ours, other = figures_of([first, second, second], 287)
    assert (ours.part, ours.name, ours.note) == (
        PART,
        "next, 287 entities, p50",
        "3 URLs, 2.50 ms of processor time",
    )
    assert ours.spread is not None
    assert (ours.spread.middle, ours.spread.low, ours.spread.high) == (3.0, 2.0, 3.0)
    assert ours.verdict == "falls short"
    assert (other.name, other.verdict) == ("next, acme, p50", "")
