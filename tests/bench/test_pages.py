"""From what each page took to the figures of the report."""

from bench.pages import figures_of

ROUNDS = [
    {
        "/": (2.0, 1.0, 30_000, 9_000),
        "/a": (60.0, 50.0, 90_000, 20_000),
        "/a/print": (8.0, 8.0, 120_000, 34_000),
    },
    {
        "/": (4.0, 1.0, 30_000, 9_000),
        "/a": (40.0, 30.0, 90_000, 20_000),
        "/a/print": (6.0, 6.0, 120_000, 34_000),
    },
    {
        "/": (2.0, 1.0, 30_000, 9_000),
        "/a": (44.0, 30.0, 90_000, 20_000),
        "/a/print": (7.0, 6.0, 120_000, 34_000),
    },
]


def test_the_slowest_and_the_heaviest_page_are_named_and_a_print_is_weighed_apart() -> None:
    """Any other page is judged unpacked, a print as it is sent."""
    found = [
        (figure.name, figure.spread and figure.spread.middle, figure.verdict, figure.note)
        for figure in figures_of(ROUNDS)
    ]
    assert found == [
        ("first read of each page, p50", 7.0, "", "3 pages"),
        ("the slowest of them", 44.0, "reached", "/a"),
        ("the heaviest page", 90.0, "reached", "unpacked; 20.0 kB as sent (gzip): /a"),
        (
            "a whole ladder, to print",
            34.0,
            "reached",
            "as sent (gzip); 120.0 kB unpacked: /a/print",
        ),
    ]


def test_a_page_above_the_budget_falls_short_though_it_is_packed_well() -> None:
    rounds = [{"/a": (1.0, 1.0, 100_001, 9_000), "/a/print": (1.0, 1.0, 400_000, 100_001)}]
    verdicts = [figure.verdict for figure in figures_of(rounds)]
    assert verdicts == ["", "reached", "falls short", "falls short"]
