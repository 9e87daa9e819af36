"""Marks of what is new or changed in the release that a page shows."""

from app.rubric.entities import Node, named_entity
from app.web.navigation.page_reader import Reading
from app.web.translation.messages import N_, Message


def release_mark(node: Node, reading: Reading) -> Message | None:
    """Return "New in 1.1.0" or "Changed in 1.1.0" for an entity of a release.

    None for what did not change, for a draft, and in a release that builds on no other: all of it is new there.
    """
    release = reading.release
    if release is None or release.base is None:
        return None
    version = str(release.version)
    if reading.loaded.changed_in(node) != version:
        return None
    shown, base = named_entity(node), reading.base
    if base is None or shown is None or shown.uuid is None or base.find_uuid(shown.uuid) is not None:
        return N_("Changed in %(version)s", version=version)
    return N_("New in %(version)s", version=version)
