"""The options of `ladder publish`, as the local and the remote way share them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from app.rubric.releases import Bump, Version

if TYPE_CHECKING:
    from app.formats.bundle.release_block import ReleaseBlock


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """What the options ask for."""

    number: Version | Bump | None
    notes: str | None
    effective_from: datetime | None
    lower: Mapping[str, str]
    """Reasons by change."""
    override_review: str | None
    published_at: datetime | None = None
    """When it was published, for history; only files say it."""

    def with_block(self, block: "ReleaseBlock | None") -> "PublishOptions":
        """The same with what the files' `release` block says beside it, unless a number is given by option."""
        if self.number is not None or block is None:
            return self
        return replace(
            self,
            number=block.version,
            notes=block.notes if self.notes is None else self.notes,
            effective_from=self.effective_from or block.effective_from,
            published_at=block.published_at,
        )
