"""Slug histories: releases of a ladder whose entities are renamed, removed, restored, merged and split at random.

The slugs are random; `mended` follows the findings exactly until there are none.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from hypothesis import strategies as st

from app.rubric.ladder import Ladder
from app.rubric.rules.findings import Finding

_SLUGS: Final = ("a", "b", "c", "d")
_MOST_ROUNDS: Final = 20

Draw = Callable[[st.SearchStrategy[Any]], Any]
Entity = dict[str, Any]


@dataclass
class Names:
    """The names in one ladder: a track with levels, competencies, a scale with steps, and removals."""

    lists: dict[str, list[Entity]] = field(
        default_factory=lambda: {
            "levels": [{"slug": "a"}, {"slug": "b"}],
            "competencies": [{"slug": "a"}],
            "steps": [{"slug": "a"}, {"slug": "b"}],
            "scales": [{"slug": "a"}],
        }
    )
    removals: list[Entity] = field(default_factory=list)
    fresh: int = 0
    """The number of slugs made up by following findings."""

    def ladder(self, title: str, slug: str = "acme") -> Ladder:
        """Return a ladder with these names."""
        lists = {name: [{"title": "T", **one} for one in entities] for name, entities in self.lists.items()}
        steps = lists.pop("steps")
        scales = [{**one, "steps": steps if not n else []} for n, one in enumerate(lists.pop("scales"))]
        levels = [{**one, "track": "ic"} for one in lists.pop("levels")]
        asked = [
            {"level": level["slug"], "competency": competency["slug"]}
            for level in {one["slug"]: one for one in levels}.values()
            for competency in {one["slug"]: one for one in lists["competencies"]}.values()
        ]
        return Ladder.model_validate(
            {
                "slug": slug,
                "title": title,
                "tracks": [{"slug": "ic", "title": "Track"}],
                "levels": levels,
                "scales": scales,
                "expectations": asked,
                "removals": [{"reason": "Gone.", **one} for one in self.removals],
                **lists,
            }
        )

    def entity(self, pointer: str) -> tuple[list[Entity], int]:
        """Return the list that a pointer leads into, and the place there."""
        parts = pointer.split("/")[1:]
        if parts[0] == "scales" and len(parts) > 3 and parts[2] == "steps":
            return self.lists["steps"], int(parts[3])
        return (self.removals if parts[0] == "removals" else self.lists[parts[0]]), int(parts[1])


def edit(names: Names, draw: Draw) -> None:
    """Change the names as an author might: rightly or wrongly."""
    kind = draw(st.sampled_from(("levels", "levels", "competencies", "steps", "scales")))
    entities = names.lists[kind]
    slug = draw(st.sampled_from(_SLUGS))
    if not entities or (draw(st.booleans()) and len(entities) < 3 and kind != "scales"):
        formerly = draw(st.lists(st.sampled_from(_SLUGS), max_size=2))
        entities.append({"slug": slug, "formerly": formerly} if draw(st.booleans()) else {"slug": slug})
        return
    place = draw(st.integers(0, len(entities) - 1))
    one = entities[place]
    deed = draw(st.sampled_from(("rename", "rename", "forget", "remove", "split", "merge", "claim")))
    old = one["slug"]
    if deed == "rename":
        entities[place] = {"slug": slug, "formerly": [*one.get("formerly", ()), old]}
    elif deed == "forget":
        entities[place] = {"slug": draw(st.sampled_from((old, slug)))}
    elif deed == "claim":
        entities[place] = {"slug": old, "formerly": draw(st.lists(st.sampled_from(_SLUGS), max_size=3))}
    elif deed == "split":
        entities[place : place + 1] = [
            {"slug": slug, "formerly": [old]},
            {"slug": f"{slug}2", "formerly": [old]},
        ]
    elif deed == "merge":
        entities[place] = {"slug": old, "formerly": [slug]}
    else:
        del entities[place]
        singular = {"levels": "level", "competencies": "competency", "scales": "scale"}.get(kind)
        if singular is not None and draw(st.booleans()):
            names.removals.append({"kind": singular, "slug": old})


def mended(
    names: Names, check: Callable[[Ladder], tuple[Finding, ...]], title: str, slug: str = "acme"
) -> Ladder:
    """Do what each finding says, one after the other, until there are no errors, and return the ladder."""
    errors: list[Finding] = []
    for _ in range(_MOST_ROUNDS):
        ladder = names.ladder(title, slug)
        errors = [one for one in check(ladder) if one.severity == "error"]
        if not errors:
            return ladder
        _follow(names, errors[0])
    raise AssertionError(f"following the findings leads in a circle: {errors} {names}")


def _follow(names: Names, finding: Finding) -> None:
    entities, place = names.entity(finding.path)
    one = entities[place]
    if finding.path.startswith("/removals"):
        del entities[place]
    elif finding.code in {"reused-slug", "duplicate-slug"}:
        names.fresh += 1
        one["slug"] = f"new{names.fresh}"
    elif finding.code in {"former-slug-of-other", "duplicate-former-slug"} or (
        finding.code == "former-slug-in-use" and "another slug" not in finding.message
    ):
        del one["formerly"][int(finding.path.rpartition("/")[2])]
    elif finding.code == "former-slug-in-use":
        live = re.search(r"give \w+:(?:[\w-]+--)?([\w]+) another slug", finding.message)
        assert live is not None
        names.fresh += 1
        next(other for other in entities if other["slug"] == live[1] and other is not one)["slug"] = (
            f"new{names.fresh}"
        )
    elif finding.code == "missing-former-slugs":
        listed = re.search(r"Write `formerly: \[(.*)\]`", finding.message)
        one["formerly"] = listed[1].split(", ") if listed else []
    else:
        raise AssertionError(finding)
