"""Exports: reading one gives the same ladder and release, and the text is the one an author would write."""

import json
from datetime import UTC, datetime
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.formats.bundle import ReleaseBlock, parse_bundle
from app.formats.export import export_json, export_yaml
from app.formats.nodes import Source, plain
from app.formats.yaml_reader import read_yaml
from app.formats.yaml_writer import to_yaml
from app.rubric.canonical import canonical
from app.rubric.ladder import Ladder
from app.rubric.releases import Version
from tests.strategies import ladders

_MOMENTS = st.datetimes(
    datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)  # noqa: DTZ001 - the strategy adds the zone
)
_RELEASES = st.none() | st.builds(
    ReleaseBlock,
    version=st.none() | st.builds(Version, *[st.integers(0, 999)] * 3),
    notes=st.just("First release.\n\nNothing to compare with."),
    published_at=st.none() | _MOMENTS,
    effective_from=st.none() | _MOMENTS,
)
_ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"))
_SPACED_TEXT = st.text(st.sampled_from("ab \n\t:#-'\"?\u00a0\u200b\u2028\x85\ufeff\ue000"), max_size=40)
_LONG_TEXT = st.lists(st.sampled_from(["word", "a", "", "#x", "y:", "long" * 30, "\n", "-"]), max_size=60).map(
    " ".join
)


@given(ladder=ladders(), release=_RELEASES)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_an_exported_ladder_reads_back_equal(ladder: Ladder, release: ReleaseBlock | None) -> None:
    for text, name in ((export_yaml(ladder, release), "x.yaml"), (export_json(ladder, release), "x.json")):
        bundle = parse_bundle(text.encode(), name)
        assert bundle.ladder == ladder
        assert canonical(bundle.ladder) == canonical(ladder)
        assert bundle.release == release


@given(_ANY_TEXT | _SPACED_TEXT | _LONG_TEXT)
@example("yes")
@example("")
@example("\n")
@example("a\n")
@example(" a" * 80)
@example("trailing \nspace " * 20)
@example("a\u2028" * 80)
@example("\ue000\x85:b ?")
@settings(max_examples=1000, deadline=None)
def test_yaml_keeps_every_character_of_any_text(text: str) -> None:
    document = {"text": text, "list": [text, {"text": text, "inner": {"deeper": [text]}}]}
    root, remarks = read_yaml(Source("x.yaml", to_yaml(document)))
    assert (plain(root), remarks) == (document, [])
