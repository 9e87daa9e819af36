"""Asks for known vulnerabilities of the locked packages: `python -m tools.audit`, behind `make audit`.

pip-audit ends well when it could ask about no package at all, so its report is read here: what was not looked
up is said. Exit code 0 when every package was looked up and none is known to be vulnerable, 1 when one is, 2
when the service did not answer for all of them.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

LOCK = "requirements/dev.txt"
"""The development lock holds the packages of the other locks, at the same versions."""

_SECONDS = 60
"""The longest time for the whole audit."""


def main() -> int:
    """Ask, print what was found, and return the exit code."""
    code, words = verdict(_report())
    print(words)
    return code


def verdict(packages: Sequence[Mapping[str, Any]] | None) -> tuple[int, str]:
    """Exit code and words for a report.

    Args:
        packages: the `dependencies` of pip-audit's JSON report: each with `name`, and either `version` and
            `vulns` (each with `id` and `fix_versions`) or `skip_reason`; None if there is no report.
    """
    unknown = [package["name"] for package in packages or () if "skip_reason" in package]
    if packages is None or len(unknown) == len(packages):
        return 2, "Audit: the advisory service is out of reach. Nothing was looked up; ask again later."
    found = [_line(package, advisory) for package in packages for advisory in package.get("vulns", [])]
    lines = [f"Audit: {len(packages) - len(unknown)} of {len(packages)} locked packages were looked up."]
    if unknown:
        lines.append(f"The advisory service did not answer for {len(unknown)}: {', '.join(unknown)}.")
    lines += found or ["No known vulnerability in what was looked up."]
    return (1 if found else 2 if unknown else 0), "\n".join(lines)


def _line(package: Mapping[str, Any], advisory: Mapping[str, Any]) -> str:
    cure = ", ".join(advisory["fix_versions"]) or "no version yet"
    return f"{package['name']} {package['version']}: {advisory['id']}; mended in {cure}."


def _report() -> Sequence[Mapping[str, Any]] | None:
    command = [sys.executable, "-m", "pip_audit", "--requirement", LOCK, "--require-hashes", "--disable-pip"]
    options = ["--format", "json", "--progress-spinner", "off", "--timeout", "10"]
    try:
        done = subprocess.run([*command, *options], check=False, capture_output=True, timeout=_SECONDS)
        dependencies: Sequence[Mapping[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError):
        return None
    return dependencies


if __name__ == "__main__":
    sys.exit(main())
