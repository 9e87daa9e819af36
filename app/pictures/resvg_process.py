"""The program that draws one picture: options of resvg as JSON on standard input, a PNG on standard output.

It runs as a script without the rest of the application, so that it starts within 50 milliseconds.
"""

import json
import sys

import resvg_py


def main() -> None:
    """Draw the picture."""
    sys.stdout.buffer.write(resvg_py.svg_to_bytes(**json.load(sys.stdin.buffer)))


if __name__ == "__main__":
    main()
