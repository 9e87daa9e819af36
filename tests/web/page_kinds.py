"""Kinds of pages, for tests that read a few of each."""

import re


def kind_of(path: str) -> str:
    """Return a URL without slugs, releases and values of parameters."""
    before, _, query = path.partition("?")
    names = sorted(pair.partition("=")[0] for pair in query.split("&"))
    return re.sub(r"(?<=s/)[^/?]+", "*", before) + f"?{','.join(names)}"
