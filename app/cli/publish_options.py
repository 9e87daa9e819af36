"""The options of `ladder publish`, for the database and for a server."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from app.rubric.releases import Bump, Version

if TYPE_CHECKING:
    from app.formats.bundle.release_block import ReleaseBlock


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """The values of the options."""

    number: Version | Bump | None
    notes: str | None
    effective_from: datetime | None
    because: str | None
    """The reason for a number below the minimum."""
    override_review: str | None
    corrects: Version | None = None
    """The release in force to correct while another is scheduled."""
    published_at: datetime | None = None
    """The date of publication, for imported history; only files can set it."""

    def with_block(self, block: "ReleaseBlock | None") -> "PublishOptions":
        """Return these options with the values of the files' `release` block.

        Not if an option gives a number or a release to correct, because the block can be that of an earlier release.
        """
        if self.number is not None or self.corrects is not None or block is None:
            return self
        return replace(
            self,
            number=block.version,
            notes=block.notes if self.notes is None else self.notes,
            because=block.because if self.because is None else self.because,
            corrects=block.corrects,
            effective_from=self.effective_from or block.effective_from,
            published_at=block.published_at,
        )
