"""A generator of ladders: one whole ladder from what hypothesis draws, without breaking a rule.

Slugs are made unique by counting, references are drawn from existing slugs, and entities that refer to others are
written last.
"""

from collections.abc import Sequence

from hypothesis import strategies as st

from app.rubric.entities import Node, walk
from app.rubric.ladder import Ladder
from app.rubric.shape import written
from app.rubric.text import folded
from tests.entity_parts import Json, PartWriter
from tests.scalars import languages, lines, numbers, slugs, texts


class Author(PartWriter):
    """Writes one ladder, as a careful author who uses whatever there is."""

    def ladder(self) -> Ladder:
        tracks, scales = self.many("track"), self.scales()
        levels, competencies = self.levels(tracks), self.competencies(scales)
        facets = self.facets(competencies, scales)
        named = self.competencies_written(competencies, scales)
        core: Json = {
            "slug": self.slug("ladder"),
            "title": self.draw(lines),
            "cumulative": self.draw(st.sampled_from(["yes", "no", "unsaid"])),
            "tracks": self.draw(st.permutations(written := self.tracks(tracks, levels))),
            "levels": self.draw(st.permutations([self.level(level) for level in levels])),
            "scales": [self.scale(scale) for scale in scales],
            "competencies": named,
            "facets": [self.competency(facet, scales) for facet in facets],
            "expectations": self.expectations(levels, [*competencies, *facets], scales),
            **self.some(
                summary=texts,
                organisation=lines,
                attribution=texts,
                language=st.just("fr"),
                licence=self.licences(),
                statement_kinds=self.kinds(),
            ),
            **self.lists("ladder"),
            "categories": self.descriptions("category", named),
            "groups": self.descriptions("group", written),
        }
        nodes = tuple(walk(Ladder.model_validate(core)))
        return Ladder.model_validate(core | self.around(nodes))

    def competencies_written(self, competencies: Sequence[Json], scales: Sequence[Json]) -> list[Json]:
        return [self.competency(competency, scales) for competency in competencies]

    def kinds(self) -> st.SearchStrategy[list[Json]]:
        counts_as = st.sampled_from(["asked", "optional", "ahead", "sign", "unwanted"])
        words = st.sampled_from(["core", "growth", "indicator", "task"])
        kind: st.SearchStrategy[Json] = st.fixed_dictionaries(
            {"slug": words, "title": lines, "counts_as": counts_as}
        )
        return st.lists(kind, min_size=1, max_size=3, unique_by=lambda one: str(one["slug"]))

    def descriptions(self, kind: str, users: Sequence[Json]) -> list[Json]:
        """Return descriptions of the words that the users write, one for words that look the same."""
        if not self.chance():
            return []
        words = {folded(word): word for user in users if isinstance(word := user.get(kind), str)}
        return [
            {"slug": self.slug(kind), "title": word} | self.some(summary=texts) | self.shared(kind)
            for word in words.values()
        ]

    def scales(self) -> list[Json]:
        scales = self.many("scale")
        for scale in scales:
            steps = {self.draw(slugs) for _ in range(self.size())}
            scale["steps"] = [{"slug": step, "title": self.draw(lines)} for step in sorted(steps)]
        return scales

    def scale(self, scale: Json) -> Json:
        steps = [
            step | self.some(summary=texts, points=numbers) | self.step_names(step) for step in _list(scale)
        ]
        return (
            scale
            | {"steps": steps}
            | self.some(summary=texts, cumulative=st.sampled_from(["yes", "no"]))
            | self.shared("scale")
        )

    def step_names(self, step: Json) -> Json:
        lists = self.shared("step", named=False)
        return lists | {"formerly": [f"was-{step['slug']}"]} if self.chance() else lists

    def tracks(self, tracks: Sequence[Json], levels: Sequence[Json]) -> list[Json]:
        return [self.track(track, tracks[:place], levels) for place, track in enumerate(tracks)]

    def track(self, track: Json, earlier: Sequence[Json], levels: Sequence[Json]) -> Json:
        own = [level["slug"] for level in levels if level["track"] == track["slug"]]
        found: Json = self.some(summary=texts, group=lines, ordered=st.just(value=False))
        if earlier and self.chance():
            found["extends"] = self.draw(st.sampled_from(earlier))["slug"]
            found |= self.some(extending=st.sampled_from(["replaces", "adds"]))
        found["thresholds"] = [self.threshold(own) for _ in range(self.draw(st.sampled_from([0, 0, 1, 3])))]
        return track | found | self.shared("track")

    def threshold(self, levels: Sequence[object]) -> Json:
        low, high = sorted([self.draw(numbers), self.draw(numbers)])
        found = {"points_from": low} | self.some(points_to=st.just(high), title=lines)
        if levels and self.chance():
            found["level"] = self.draw(st.sampled_from(levels))
        return found

    def levels(self, tracks: Sequence[Json]) -> list[Json]:
        """Levels of each track; their ranks all by order, all written, or both (halves beside wholes)."""
        levels: list[Json] = []
        for track in tracks:
            own = self.many("level", track=track["slug"])
            ranks = self.draw(
                st.one_of(
                    st.just([None] * len(own)),
                    st.lists(numbers, unique=True, min_size=len(own), max_size=len(own)),
                    st.just([None if i % 2 else i + 0.5 for i in range(len(own))]),
                )
            )
            levels += [level | {"rank": rank} for level, rank in zip(own, ranks, strict=True)]
        return levels

    def level(self, level: Json) -> Json:
        years = sorted([abs(self.draw(numbers)), abs(self.draw(numbers))])
        attributes = st.fixed_dictionaries({"title": lines}, optional={"items": st.lists(texts, max_size=2)})
        found = self.some(
            code=st.sampled_from(["L5", "IC 5", "5"]),
            other_titles=st.lists(lines, max_size=2),
            summary=texts,
            scope=texts,
            attributes=st.lists(attributes, max_size=2),
            years_from=st.just(years[0]),
            years_to=st.just(years[1]),
        )
        return level | found | {"examples": self.examples()} | self.shared("level")

    def competencies(self, scales: Sequence[Json]) -> list[Json]:
        found = self.many("competency")
        return [competency | self.scale_name(scales) for competency in found]

    def facets(self, competencies: Sequence[Json], scales: Sequence[Json]) -> list[Json]:
        facets: list[Json] = []
        for competency in competencies:
            inherited = {"scale": competency["scale"]} if "scale" in competency else {}
            for facet in self.many("facet", competency=competency["slug"]):
                own = self.scale_name(scales)
                facets.append(facet | own | {"_scale": (own or inherited).get("scale")})
        return facets

    def scale_name(self, scales: Sequence[Json]) -> Json:
        if not scales or self.chance():
            return {}
        return {"scale": self.draw(st.sampled_from(scales))["slug"]}

    def competency(self, competency: Json, scales: Sequence[Json]) -> Json:
        """Return a competency, or a facet: they differ in a few words."""
        choices: dict[str, st.SearchStrategy[object]] = {"summary": texts, "description": texts}
        if "competency" not in competency:
            choices["category"] = lines
        return {
            **{name: value for name, value in competency.items() if name != "_scale"},
            **self.some(**choices),
            "proficiencies": [self.proficiency(step) for step in _steps_of(competency, scales)],
            "examples": self.examples(),
            **self.shared("facet" if "competency" in competency else "competency"),
        }

    def proficiency(self, step: str) -> Json:
        named: Json = {"slug": self.slug("proficiency")} if self.chance() else {}
        return {
            "step": step,
            "statements": self.statements(),
            "examples": self.examples(),
            **named,
            **self.some(title=lines, summary=texts),
            **self.shared("proficiency", named=bool(named)),
        }

    def expectations(
        self, levels: Sequence[Json], looked_at: Sequence[Json], scales: Sequence[Json]
    ) -> list[Json]:
        """Some of the cells of all levels with all competencies and facets, in any order."""
        cells = [(level, asked) for level in levels for asked in looked_at]
        if not cells:
            return []
        places = st.integers(0, len(cells) - 1)
        chosen = self.draw(st.lists(places, unique=True, min_size=1, max_size=2 * self.max_size))
        return [self.expectation(*cells[place], scales) for place in chosen]

    def expectation(self, level: Json, asked: Json, scales: Sequence[Json]) -> Json:
        cell: Json = {"level": level["slug"], "competency": asked.get("competency", asked["slug"])}
        if "competency" in asked:
            cell["facet"] = asked["slug"]
        steps = _steps_of(asked, scales)
        if steps and self.chance():
            cell["step"] = self.draw(st.sampled_from(steps))
        return {
            **cell,
            "applicability": self.draw(st.sampled_from(["required", "optional", "not-in-use"])),
            **self.some(summary=texts, extending=st.sampled_from(["replaces", "adds"])),
            "statements": self.statements(),
            "examples": self.examples(),
            **self.shared("expectation", named=False),
        }

    def around(self, nodes: Sequence[Node]) -> Json:
        about = st.lists(st.sampled_from([node.target for node in nodes]), max_size=2)
        return {
            "faqs": [self.faq(about) for _ in range(self.size())],
            "tips": [self.advice("tip", about) for _ in range(self.size())],
            "pages": [self.advice("page", about) for _ in range(self.size())],
            "removals": [self.removal(nodes) for _ in range(self.size())],
            "translations": self.translations(nodes),
        }

    def faq(self, about: st.SearchStrategy[list[str]]) -> Json:
        named = {"slug": self.slug("faq"), "question": self.draw(lines), "answer": self.draw(texts)}
        return named | self.some(group=lines, about=about) | self.shared("faq")

    def advice(self, kind: str, about: st.SearchStrategy[list[str]]) -> Json:
        named = {"slug": self.slug(kind), "text": self.draw(texts)}
        if kind == "page" or self.chance():
            named["title"] = self.draw(lines)
        return named | self.some(about=about) | self.shared(kind)

    def removal(self, nodes: Sequence[Node]) -> Json:
        kind = self.draw(st.sampled_from(["level", "facet", "step", "expectation", "example"]))
        slug = self.slug(kind)
        address = f"gone--{slug}" if kind in {"step", "expectation"} else slug
        successor = st.sampled_from([node.target for node in nodes])
        return {"kind": kind, "slug": address, "reason": self.draw(texts)} | self.some(
            successor=successor, successors=st.lists(successor, max_size=2)
        )

    def translations(self, nodes: Sequence[Node]) -> list[Json]:
        fields = [(node.target, text.pointer) for node in nodes for text in written(node.entity)]
        chosen = self.draw(
            st.lists(
                st.tuples(st.integers(0, len(fields) - 1), languages), unique=True, max_size=self.max_size
            )
        )
        return [
            {
                "entity": fields[i][0],
                "field": fields[i][1],
                "language": language,
                "text": self.draw(texts),
                **self.some(source=texts),
            }
            for i, language in chosen
        ]


def _list(scale: Json) -> list[Json]:
    steps = scale["steps"]
    assert isinstance(steps, list)
    return steps


def _steps_of(entity: Json, scales: Sequence[Json]) -> list[str]:
    """Return the steps of the scale that applies to a competency or facet."""
    name = entity.get("_scale", entity.get("scale"))
    return [str(step["slug"]) for scale in scales if scale["slug"] == name for step in _list(scale)]
