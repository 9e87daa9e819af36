"""A ladder out into a bundle of one file: YAML or JSON, in the form an author would write.

Reading an export gives an equal ladder and release block, so it publishes elsewhere under the same hash.
"""

import json

from app.formats.bundle.assemble import RELEASE
from app.formats.bundle.nesting import Mapping, nested
from app.formats.bundle.release_block import ReleaseBlock
from app.formats.syntax.yaml_writer import to_yaml
from app.rubric.canonical import plain
from app.rubric.ladder import Ladder


def export_yaml(ladder: Ladder, release: ReleaseBlock | None) -> str:
    """Return the ladder as YAML 1.2; equal ladders give equal text."""
    return to_yaml(_document(ladder, release))


def export_json(ladder: Ladder, release: ReleaseBlock | None) -> str:
    """Return the ladder as indented JSON; equal ladders give equal text."""
    return json.dumps(_document(ladder, release), ensure_ascii=False, indent=2) + "\n"


def _document(ladder: Ladder, release: ReleaseBlock | None) -> Mapping:
    head = {RELEASE: plain(release)} if release is not None and plain(release) else {}
    return {**head, **nested(ladder)}
