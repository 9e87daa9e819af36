"""Holds the committed contract to what the software does: `python -m tools.contract`, part of `make check`.

Three questions, answered in one run:

- Would a client break? The OpenAPI document that the software makes now is compared with the former one:
  that of the newest release tag (`v*`), else of the last commit, else the file as it lies there.
  `OPENAPI_BASE` names another git revision.
- Is `openapi.json` what the software makes now?
- Is `seed/ladder.schema.json`?

Exit code 0 when nothing is to be done, else 1 with what to do.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tools.openapi_diff import compare

_CURE = "Run `make openapi`, look at what changed, and commit it."


def main() -> int:
    """Compare, say what is wrong and how to mend it, and return the exit code."""
    made = _printed_by_ladder("openapi", "--without-examples")
    complaints = [
        *_breaking(_former("openapi.json"), made),
        *_stale(Path("openapi.json"), made),
        *_stale(Path("seed/ladder.schema.json"), _printed_by_ladder("schema")),
    ]
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    if not complaints:
        print("The contract holds: openapi.json and seed/ladder.schema.json are up to date.")
    return 1 if complaints else 0


def _printed_by_ladder(*command: str) -> str:
    """Return the output of `ladder COMMAND`. If the command fails, this one ends too, below its message."""
    ladder = [sys.executable, "-m", "app", *command]
    return subprocess.run(ladder, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout


def _former(path: str) -> str | None:
    """Return the file at the base revision; where git knows none, the file itself; None where there is none yet."""
    base = os.environ.get("OPENAPI_BASE") or _git("describe", "--tags", "--abbrev=0", "--match=v*") or "HEAD"
    file = Path(path)
    return _git("show", f"{base.strip()}:./{path}") or (file.read_text("utf-8") if file.exists() else None)


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", *arguments], check=False, capture_output=True, encoding="utf-8")
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None


def _breaking(former: str | None, made: str) -> list[str]:
    changes = compare(json.loads(former), json.loads(made)) if former else []
    return [
        f"This would break a client: {change.place}: {change.what}." for change in changes if change.breaking
    ]


def _stale(path: Path, made: str) -> list[str]:
    committed = path.read_text("utf-8") if path.exists() else None
    if committed == made:
        return []
    changes = compare(json.loads(committed), json.loads(made)) if committed and path.stem == "openapi" else []
    named = [f"  {change.place}: {change.what}" for change in changes]
    return [f"{path} is not what the software makes now. {_CURE}", *named]


if __name__ == "__main__":
    sys.exit(main())
