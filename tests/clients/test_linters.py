"""The linters of the field find nothing in the OpenAPI document. `make check-tools` runs these tests."""

import json
from pathlib import Path

import pytest

from tests.clients.generated import run

pytestmark = pytest.mark.tools


def test_spectral_finds_nothing(npm: Path) -> None:
    found = run(
        npm, "node_modules/.bin/spectral", "lint", "openapi.json", "--ruleset", "spectral.yaml",
        "--fail-severity", "warn",
    )  # fmt: skip
    assert "No results with a severity of 'warn' or higher found!" in found


def test_redocly_finds_nothing(npm: Path) -> None:
    found = run(
        npm, "node_modules/.bin/redocly", "lint", "openapi.json", "--extends", "recommended",
        "--format", "json",
    )  # fmt: skip
    totals = json.loads(found)["totals"]
    assert (totals["errors"], totals["warnings"]) == (0, 0)
