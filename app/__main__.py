"""`python -m app` is the `ladder` command."""

import gc
import sys


def main() -> int:
    """Run `ladder` with the arguments of this process; gives the exit code.

    What is loaded stays until the process ends. The collector of cycles would walk through it while it is loaded, now
    and then afterwards, and once more at the end: together a third of the time of a short command.
    """
    gc.disable()
    from app.cli import main as ladder  # noqa: PLC0415 - not while the collector runs

    gc.freeze()
    gc.enable()
    try:
        return ladder()
    finally:
        gc.freeze()


if __name__ == "__main__":
    sys.exit(main())
