"""Path-absolute URLs of this API; never a host, always with the prefix it is served under."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from app.rubric.entities import COLLECTIONS, Node
from app.serving.releases.loaded import DRAFT

COLLECTION_OF: Final[dict[str, str]] = {
    **{kind: collection for collection, kind in COLLECTIONS.items()},
    "example": "examples",
}
"""The collection in whose URL a kind of entity lives."""
_VIEWS_OF: Final[dict[str, dict[str, str]]] = {
    "level": {"effective": "/effective", "next_levels": "/next", "radar": "/radar.svg"},
}
"""The views and pictures of one entity of a kind: the link's name, and what follows the entity's URL."""


@dataclass(frozen=True, slots=True)
class Urls:
    """URLs of one release of one ladder."""

    root: str
    """The prefix, empty or beginning with a slash."""
    ladder: str
    release: str
    """Its number, or `draft`."""

    @property
    def pinned(self) -> str:
        """The release, by its number; the draft, by that name."""
        return f"{self.root}/v1/ladders/{self.ladder}@{self.release}"

    @property
    def current(self) -> str:
        """Whatever release is in force."""
        return f"{self.root}/v1/ladders/{self.ladder}"

    @property
    def about_release(self) -> str:
        """What is known about the release; of a draft nothing is, so the releases of its ladder."""
        return f"{self.current}/releases" + ("" if self.release == DRAFT else f"/{self.release}")

    def views_of(self, node: Node) -> dict[str, str]:
        """What this release is asked about an entity, by the names of its links; of most kinds nothing."""
        return {name: self.of(node) + view for name, view in _VIEWS_OF.get(node.kind, {}).items()}

    def at(self, kind: str, address: str) -> str:
        """An entity of a kind with a URL of its own in this release; the ladder itself is at the release's."""
        collection = COLLECTION_OF.get(kind)
        return self.pinned if collection is None else f"{self.pinned}/{collection}/{address}"

    def of(self, node: Node) -> str:
        """An entity in this release. What has no URL of its own lives at its owner's, with a fragment."""
        return self.pinned + entity_path(node)


def entity_path(node: Node) -> str:
    """The entity's path below its ladder."""
    if node.kind == "ladder":
        return ""
    collection = COLLECTION_OF.get(node.kind)
    if collection is None:
        owner = entity_path(node.owner) if node.owner is not None else ""
        return f"{owner.partition('#')[0]}#{node.address}"
    return f"/{collection}/{node.address}"


def with_query(path: str, parameters: Mapping[str, Any]) -> str:
    """Append parameters in order of name, leaving out those that are None."""
    given = sorted((name, str(value)) for name, value in parameters.items() if value is not None)
    return f"{path}?{urlencode(given)}" if given else path
