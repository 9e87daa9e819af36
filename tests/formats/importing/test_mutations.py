"""Imports of sheets that were changed at random: nothing gets lost, and nothing breaks."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.formats.importing.mapping import ImportMapping
from app.formats.importing.sheets import Sheet
from app.formats.importing.understand import understand
from app.rubric.rules import check
from tests.formats.importing.accounts import lost
from tests.formats.importing.fixtures import NAMES, sheets_of
from tests.formats.importing.mutations import mutate, noise

SEEDS = st.integers(0, 2**32 - 1)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LONG = settings(max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def holds(sheets: list[Sheet]) -> None:
    """Check what every import promises."""
    found = understand(sheets, name="mutated")
    assert lost(sheets, found) == []
    errors = [one for one in check(found.ladder) if one.severity == "error"]
    assert errors == [] or any(one.code == "rule" for one in found.findings)
    saved = ImportMapping.from_yaml(found.mapping.to_yaml())
    assert saved == found.mapping
    assert lost(sheets, understand(sheets, saved, name="again")) == []


@QUICK
@given(st.sampled_from(NAMES), SEEDS)
def test_every_text_of_a_changed_sheet_is_in_the_ladder_or_in_a_finding(name: str, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - not for secrets
    holds([mutate(sheet, random) for sheet in sheets_of(name)])


@QUICK
@given(SEEDS)
def test_every_text_of_a_sheet_of_random_words_is_in_the_ladder_or_in_a_finding(seed: int) -> None:
    holds([noise(Random(seed))])  # noqa: S311 - not for secrets


@pytest.mark.soak
@LONG
@given(st.sampled_from(NAMES), SEEDS)
def test_every_text_of_a_changed_sheet_is_in_the_ladder_or_in_a_finding_at_length(
    name: str, seed: int
) -> None:
    random = Random(seed)  # noqa: S311 - not for secrets
    holds([mutate(sheet, random) for sheet in sheets_of(name)])
