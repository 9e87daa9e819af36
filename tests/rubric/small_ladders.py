"""Small ladders that combine all that decides what a level asks: tracks, ranks, scales, kinds, applicability."""

from typing import Any

from hypothesis import strategies as st

from app.rubric.ladder import Ladder

Json = dict[str, Any]

TEXTS = (
    *("Plans.", "plans.", "Tests.", "Writes.", "Leads.", "Asks."),
    *("Writes tests for every small change.", "Writes tests for every large change."),
)
KINDS = (None, "core", "growth", "complementary", "indicator", "ineffective", "task", "own")
PLACES = (("craft", None), ("craft", "code"), ("craft", "apart"), ("care", None))
_STEPS = ("low", "mid", "high")

_statements = st.lists(
    st.builds(
        lambda text, kind: {"text": text} | ({} if kind is None else {"kind": kind}),
        st.sampled_from(TEXTS),
        st.sampled_from(KINDS),
    ),
    max_size=2,
)
_optional_text = st.sampled_from([None, None, *TEXTS])
_extending = st.sampled_from([None, "replaces", "adds"])


@st.composite
def small_ladders(draw: st.DrawFn) -> Ladder:
    """Give a ladder of three tracks, the second and third of which may extend others, and four places."""
    levels = draw(_levels())
    return Ladder.model_validate(
        {
            "slug": "small",
            "title": "Small",
            "cumulative": draw(st.sampled_from(["yes", "yes", "no", "unsaid"])),
            "statement_kinds": draw(_listed_kinds()),
            "tracks": draw(_tracks()),
            "levels": levels,
            "scales": [draw(_scale(slug)) for slug in ("depth", "other")],
            "competencies": [
                {"slug": "craft", "title": "C", "scale": "depth", "proficiencies": draw(_proficiencies())},
                {"slug": "care", "title": "Care"},
            ],
            "facets": [
                {
                    "slug": "code",
                    "competency": "craft",
                    "title": "F",
                    "proficiencies": draw(_proficiencies()),
                },
                {
                    "slug": "apart",
                    "competency": "craft",
                    "title": "A",
                    "scale": "other",
                    "proficiencies": draw(_proficiencies()),
                },
            ],
            "expectations": draw(_expectations([level["slug"] for level in levels])),
        }
    )


@st.composite
def _tracks(draw: st.DrawFn) -> list[Json]:
    parents: dict[str, list[str | None]] = {"a": [None], "b": [None, "a", "a"], "c": [None, "a", "b", "b"]}
    return [
        _filled(
            slug=slug,
            title=slug,
            extends=draw(st.sampled_from(extended)),
            extending=draw(_extending),
            ordered=draw(st.sampled_from([None, None, None, False])),
        )
        for slug, extended in parents.items()
    ]


@st.composite
def _levels(draw: st.DrawFn) -> list[Json]:
    """Up to three levels a track; most tracks have written ranks, some none or some."""
    levels = []
    for track in ("a", "b", "c"):
        ranks = sorted(draw(st.sets(st.integers(1, 4), min_size=1, max_size=3)))
        missing = draw(st.sampled_from(["none", "none", "none", "all", "first"]))
        for place, rank in enumerate(ranks):
            written = missing == "none" or (missing == "first" and place > 0)
            levels.append(
                _filled(
                    slug=f"{track}{place}",
                    track=track,
                    title="L",
                    rank=rank + 10 * (missing == "first") if written else None,
                )
            )
    return levels


@st.composite
def _scale(draw: st.DrawFn, slug: str) -> Json:
    steps = [_filled(slug=step, title=step, summary=draw(_optional_text)) for step in _STEPS]
    return _filled(slug=slug, title=slug, cumulative=draw(st.sampled_from([None, "no", "yes"])), steps=steps)


@st.composite
def _proficiencies(draw: st.DrawFn) -> list[Json]:
    steps = draw(st.sets(st.sampled_from(_STEPS)))
    return [
        _filled(step=step, title="T", summary=draw(_optional_text), statements=draw(_statements))
        for step in sorted(steps)
    ]


@st.composite
def _expectations(draw: st.DrawFn, levels: list[str]) -> list[Json]:
    cells = [(level, place) for level in levels for place in range(len(PLACES))]
    chosen = draw(st.lists(st.sampled_from(cells), unique=True, max_size=12))
    return [draw(_expectation(level, place)) for level, place in chosen]


@st.composite
def _expectation(draw: st.DrawFn, level: str, place: int) -> Json:
    competency, facet = PLACES[place]
    steps = st.sampled_from([None, *_STEPS]) if competency == "craft" else st.none()
    return _filled(
        level=level,
        competency=competency,
        facet=facet,
        applicability=draw(st.sampled_from(["required", "required", "optional", "not-in-use"])),
        extending=draw(_extending),
        step=draw(steps),
        summary=draw(_optional_text),
        statements=draw(_statements),
    )


@st.composite
def _listed_kinds(draw: st.DrawFn) -> list[Json]:
    counts_as = st.sampled_from(["asked", "optional", "ahead", "sign", "unwanted"])
    words = draw(st.sets(st.sampled_from(["growth", "task", "own"])))
    return [{"slug": word, "title": word, "counts_as": draw(counts_as)} for word in sorted(words)]


def _filled(**values: object) -> Json:
    return {name: value for name, value in values.items() if value is not None}
