"""Hints for writers: releases never change, so most writes exist only if the path names a draft."""

import re
from typing import Final

from fastapi import Request

from app.serving.releases.loaded_releases import DRAFT
from app.serving.serving import serving_in

ONLY_AT_DRAFT: Final = "x-only-at-draft"
"""The property that marks an operation of the OpenAPI document whose path must name a draft."""
_OF_LADDER: Final = re.compile(r"/v1/ladders/([^/@]*)(@[^/]*)?((?:/.*)?)", re.DOTALL)
_LONGEST: Final = 300


def names_draft(path: str) -> bool:
    """Return whether a path (without the prefix) names the draft of a ladder."""
    found = _OF_LADDER.fullmatch(path)
    return found is not None and found[2] == f"@{DRAFT}"


def draft_path(path: str) -> str | None:
    """Return the same path at the draft of its ladder; None if it names the draft already, or no ladder."""
    found = _OF_LADDER.fullmatch(path)
    if found is None or names_draft(path):
        return None
    return f"/v1/ladders/{found[1]}@{DRAFT}{found[3]}"


def where_to_write(request: Request) -> str:
    """Return a sentence that says what to do instead of writing here."""
    path = request.scope["path"]
    there = draft_path(path)
    serving = serving_in(request.scope)
    if there is None or request.method not in serving.routes.methods(there):
        return "The Allow header lists the supported methods."
    root = serving.settings.root_path
    return f"Releases never change. Write to the draft: {root}{there[:_LONGEST]}."
