"""The languages that pages speak: their catalogues, and how they write days, numbers and lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final

from app.serving.answers.answer import Answer
from app.serving.answers.negotiation import look_up_language
from app.web.translation.messages import N_, Message, Value, english

LANGUAGES: Final = ("en", "de")
"""The languages that pages speak. The texts in the code are in the first one; each other has a catalogue."""
CATALOGS: Final = Path(__file__).parents[1] / "locales"
"""The folder of the catalogues (`LANGUAGE/LC_MESSAGES/pages.po`)."""
_RIGHT_TO_LEFT: Final = frozenset(
    ["ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "syr", "ug", "ur", "yi"]
)
"""Languages (ISO 639) whose usual script runs from right to left."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the pages."""

    code: str
    catalog: NullTranslations

    @property
    def direction(self) -> str:
        """The direction of its script: `ltr` or `rtl`."""
        return "rtl" if is_right_to_left(self.code) else "ltr"

    def say(self, text: str) -> str:
        """Return a marked text in this language; any other text unchanged."""
        return self._filled(text) if isinstance(text, Message) else text

    def value(self, value: Value) -> str:
        """Return the value of a placeholder as this language writes it."""
        if isinstance(value, str):
            return self.say(value)
        if isinstance(value, tuple):
            return self.listed(value)
        return self.day(value) if isinstance(value, datetime) else self.number(value)

    def plural(self, one: str, several: str, number: float) -> str:
        """Return the pattern for a number. A fraction takes the form of two."""
        whole = int(number) if number == int(number) else 2
        return self.catalog.ngettext(one, several, whole)

    def day(self, moment: datetime) -> str:
        """Return the day of a moment as people write it: 1 July 2026."""
        if self.code == LANGUAGES[0]:
            return english(moment)
        from babel.dates import format_date  # noqa: PLC0415 - slow to import, and English needs none of it

        return format_date(moment, "long", self.code)

    def number(self, number: float) -> str:
        """Return a number as people write it: 1,200."""
        if self.code == LANGUAGES[0]:
            return english(number)
        from babel.numbers import format_decimal  # noqa: PLC0415 - as above

        return format_decimal(number, locale=self.code)

    def name(self, tag: str) -> str:
        """Return the name of a language in this one, such as German for `de`; the tag if it has none."""
        from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - slow to import

        try:
            return Locale.parse(tag, sep="-", resolve_likely_subtags=False).get_display_name(self.code) or tag
        except (ValueError, UnknownLocaleError):
            return tag

    def listed(self, words: Iterable[str]) -> str:
        """Return words as part of a sentence: L3, L4 and L5."""
        *first, last = map(self.say, words)
        if not first:
            return last
        return self.say(N_("%(first)s and %(last)s", first=", ".join(first), last=last))

    def _filled(self, message: Message) -> str:
        if message.several:
            pattern = self.plural(message.pattern, message.several, message.number)
        else:
            pattern = self.catalog.gettext(message.pattern)
        return pattern % {name: self.value(value) for name, value in message.values.items()}


@cache
def language_of(code: str) -> Language:
    """Return one of `LANGUAGES`. Its catalogue is read at first use."""
    return Language(code, NullTranslations() if code == LANGUAGES[0] else _read(code))


def page_language(answer: Answer, content: str) -> str:
    """Return the language of a page: that of its content if the pages speak it, else the one the browser prefers."""
    return look_up_language(content, LANGUAGES) or answer.preferred_language()


def is_right_to_left(tag: str) -> bool:
    """Tell whether a language is written from right to left."""
    return tag.partition("-")[0].lower() in _RIGHT_TO_LEFT


def _read(code: str) -> GNUTranslations:
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - as above
    from babel.messages.pofile import read_po  # noqa: PLC0415

    compiled = BytesIO()
    with (CATALOGS / code / "LC_MESSAGES" / "pages.po").open("rb") as file:
        write_mo(compiled, read_po(file, code))
    compiled.seek(0)
    return GNUTranslations(compiled)
