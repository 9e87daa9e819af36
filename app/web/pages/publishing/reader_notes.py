"""Release notes for readers, made of the changes: what is expected more, less or differently, level by level."""

from collections.abc import Iterator
from typing import Final

from app.api.views.diff_sides import Sides
from app.web.layout.change_sections import ChangeView, Section, change_sections, in_sections
from app.web.layout.impacts import IMPACT_WORDS
from app.web.translation.languages import Language
from app.web.translation.messages import NN_

_MOST: Final = 200
"""The most changes that are named."""


def reader_notes(sides: Sides, language: Language) -> str:
    """Return notes as Markdown, in the language of the page: one list for each section."""
    changes = in_sections(sides, sides.diff.changes)
    parts = [_section(section, language) for section in change_sections(sides, changes[:_MOST])]
    more = len(changes) - _MOST
    if more > 0:
        parts.append(language.say(NN_("And %(num)s more change.", "And %(num)s more changes.", more)))
    return "\n\n".join(parts)


def _section(section: Section, language: Language) -> str:
    return "\n".join([language.say(section.heading), "", *_lines(section, language)])


def _lines(section: Section, language: Language) -> Iterator[str]:
    for impact, (words, _) in IMPACT_WORDS.items():
        views = [view for view in section.changes if view.change.impact == impact]
        if views:
            names = dict.fromkeys(_name(view, language) for view in views)
            yield f"- {language.say(words)}: {'; '.join(names)}"


def _name(view: ChangeView, language: Language) -> str:
    names = [*view.place, view.name] if view.name else list(view.place)
    return " · ".join(" ".join(language.say(name).split()) for name in names)
