"""The entry points of every process: `main` is the `ladder` command, `application` what a server process serves.

Both send warnings to the log before they import anything else, so that warnings of imports are JSON lines, too.
"""

import sys
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.main import Application


def main() -> int:
    """Run `ladder` with the arguments of this process and return the exit code."""
    _log_warnings()
    from app.cli import main as ladder  # noqa: PLC0415 - imports may warn

    return ladder()


def application() -> "Application":
    """Build the application of one server process."""
    _log_warnings()
    from app.cli.commands.serve import build  # noqa: PLC0415 - imports may warn

    return build()


def _log_warnings() -> None:
    def entry(
        message: Warning | str, category: type[Warning], filename: str, lineno: int, line: str | None = None
    ) -> str:
        from app.logs import warning_entry  # noqa: PLC0415 - few processes warn

        return warning_entry(message, category, filename, lineno, line)

    warnings.formatwarning = entry


if __name__ == "__main__":
    sys.exit(main())
