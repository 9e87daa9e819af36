"""URLs of this API: always a path with the prefix it is served under, never a host."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from app.rubric.entities import COLLECTIONS, Node
from app.serving.releases.loaded_releases import DRAFT

COLLECTION_OF: Final[dict[str, str]] = {
    **{kind: collection for collection, kind in COLLECTIONS.items()},
    "example": "examples",
}
"""The collection in the URL of each kind of entity."""


@dataclass(frozen=True, slots=True)
class Urls:
    """URLs of one release of one ladder."""

    root: str
    """The prefix: empty, or starting with a slash."""
    ladder: str
    release: str
    """The release number, or `draft`."""

    @property
    def pinned(self) -> str:
        """The URL of the release by its number, or of the draft."""
        return f"{self.root}/v1/ladders/{self.ladder}@{self.release}"

    @property
    def current(self) -> str:
        """The URL of the release in force."""
        return f"{self.root}/v1/ladders/{self.ladder}"

    @property
    def about_release(self) -> str:
        """The URL of the release's metadata; for a draft, of the list of releases."""
        return f"{self.current}/releases" + ("" if self.release == DRAFT else f"/{self.release}")

    def at(self, kind: str, address: str) -> str:
        """Return the URL of an entity of a kind that has its own URLs. The ladder has the URL of the release."""
        collection = COLLECTION_OF.get(kind)
        return self.pinned if collection is None else f"{self.pinned}/{collection}/{address}"

    def of(self, node: Node) -> str:
        """Return the URL of an entity. An entity without its own URL is a fragment of its owner's URL."""
        return self.pinned + entity_path(node)


def entity_path(node: Node) -> str:
    """Return the path of an entity below its ladder."""
    if node.kind == "ladder":
        return ""
    collection = COLLECTION_OF.get(node.kind)
    if collection is None:
        owner = entity_path(node.owner) if node.owner is not None else ""
        return f"{owner.partition('#')[0]}#{node.address}"
    return f"/{collection}/{node.address}"


def with_query(path: str, parameters: Mapping[str, Any]) -> str:
    """Append query parameters in order of name, without those that are None."""
    given = sorted((name, str(value)) for name, value in parameters.items() if value is not None)
    return f"{path}?{urlencode(given)}" if given else path
