"""The linters of the field find nothing in the OpenAPI document: as committed, and as served with its examples.

`make check-tools` runs these tests.
"""

import json
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.clients.generated import run

pytestmark = pytest.mark.tools


@pytest.fixture(params=["openapi.json", "served.json"])
def document(request: pytest.FixtureRequest, npm: Path, base_url: str) -> str:
    """Return the name of a document in the folder of the linters: the committed one, or the served one."""
    with urlopen(f"{base_url}/openapi.json") as answer:  # noqa: S310 - a server of the tests
        (npm / "served.json").write_bytes(answer.read())
    name: str = request.param
    return name


def test_spectral_finds_nothing(npm: Path, document: str) -> None:
    found = run(
        npm, "node_modules/.bin/spectral", "lint", document, "--ruleset", "spectral.yaml",
        "--fail-severity", "warn",
    )  # fmt: skip
    assert "No results with a severity of 'warn' or higher found!" in found


@pytest.mark.parametrize("rules", ["recommended", "recommended-strict"])
def test_redocly_finds_nothing(npm: Path, document: str, rules: str) -> None:
    found = run(
        npm, "node_modules/.bin/redocly", "lint", document, "--extends", rules, "--format", "json",
    )  # fmt: skip
    totals = json.loads(found)["totals"]
    assert (totals["errors"], totals["warnings"]) == (0, 0)
