"""The audit of a report of pip-audit, above all if there is little to report."""

import pytest

from tools.audit import LOCK, main, verdict

CLEAN = {"name": "alembic", "version": "1.20.1", "vulns": []}
UNKNOWN = {"name": "brotli", "skip_reason": "Dependency not found"}
VULNERABLE = {
    "name": "httpx",
    "version": "0.1.0",
    "vulns": [
        {"id": "ADV-1", "fix_versions": ["0.1.1", "0.2.0"], "aliases": []},
        {"id": "ADV-2", "fix_versions": [], "aliases": []},
    ],
}
OUT_OF_REACH = "Audit: the advisory service is out of reach. Nothing was looked up; ask again later."


def test_all_looked_up_and_nothing_found() -> None:
    assert verdict([CLEAN]) == (
        0,
        "Audit: 1 of 1 locked packages were looked up.\nNo known vulnerability in what was looked up.",
    )


def test_a_vulnerability_is_named_with_its_cure() -> None:
    words = (
        "Audit: 2 of 3 locked packages were looked up.\n"
        "The advisory service did not answer for 1: brotli.\n"
        "httpx 0.1.0: ADV-1; mended in 0.1.1, 0.2.0.\n"
        "httpx 0.1.0: ADV-2; mended in no version yet."
    )
    assert verdict([CLEAN, VULNERABLE, UNKNOWN]) == (1, words)


def test_what_was_not_looked_up_is_not_called_clean() -> None:
    words = (
        "Audit: 1 of 2 locked packages were looked up.\n"
        "The advisory service did not answer for 1: brotli.\n"
        "No known vulnerability in what was looked up."
    )
    assert verdict([CLEAN, UNKNOWN]) == (2, words)


@pytest.mark.parametrize("report", [None, [UNKNOWN]])
def test_an_unreachable_service_is_reported(report: list[dict[str, str]] | None) -> None:
    assert verdict(report) == (2, OUT_OF_REACH)


def test_a_lock_that_cannot_be_read_is_no_clean_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tools.audit.LOCK", f"{LOCK}.absent")
    assert main() == 2
    assert capsys.readouterr().out == f"{OUT_OF_REACH}\n"
