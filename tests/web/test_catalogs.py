"""The catalogues of the pages: complete, with the same placeholders and marks, and as the tool writes them."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from app.web.translation.languages import CATALOGS, LANGUAGES, language_of
from app.web.translation.messages import N_, NN_, listed
from tests.api.serving import NOW
from tools import translations

TRANSLATED = LANGUAGES[1:]
_PLACEHOLDER = re.compile(r"%(?:\(\w+\)s|%|.)")
_TAG = re.compile(r"</?\w+[^>]*>")


def pairs(code: str) -> Iterator[tuple[str, str]]:
    """Yield every text of a catalogue with its translation; of a plural, both forms with theirs."""
    for message in translations.read(code):
        if not message.id:
            continue
        texts = (message.id,) if isinstance(message.id, str) else message.id
        said = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        yield from ((texts[min(place, len(texts) - 1)], one) for place, one in enumerate(said))


def test_every_catalogue_belongs_to_a_language_and_every_language_has_one() -> None:
    assert {path.parts[-3] for path in CATALOGS.glob("*/LC_MESSAGES/pages.po")} == set(TRANSLATED)


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_text_is_translated(code: str) -> None:
    assert list(translations.untranslated(code)) == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_catalogue_has_the_texts_of_the_pages_as_the_tool_writes_them(code: str) -> None:
    assert translations.path_of(code).read_bytes() == translations.updated(code, translations.template())


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_has_the_placeholders_and_the_marks_of_its_text(code: str) -> None:
    for text, translation in pairs(code):
        for pattern in (_PLACEHOLDER, _TAG):
            found, expected = Counter(pattern.findall(translation)), Counter(pattern.findall(text))
            assert found == expected, text


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_cannot_end_an_attribute_or_begin_an_element(code: str) -> None:
    for text, translation in pairs(code):
        plain = _TAG.sub("", translation)
        assert '"' not in plain, text
        assert "<" not in plain, text
        assert "&" not in plain, text


def test_a_marked_text_is_its_english_and_can_be_said_in_another_language() -> None:
    german = language_of("de")
    text = N_("%(version)s comes into force on %(day)s.", version="1.0.0", day=NOW)
    assert text == "1.0.0 comes into force on 22 November 2026."
    assert german.say(text) == "1.0.0 gilt ab dem 22. November 2026."
    assert german.say("Overview") == "Overview"  # unmarked, so it may be content


def test_a_number_and_a_list_are_written_as_the_language_does() -> None:
    german, english = language_of("de"), language_of("en")
    errors = [NN_("%(num)s error", "%(num)s errors", number) for number in (1, 2, 1200, 2.5)]
    assert errors == ["1 error", "2 errors", "1,200 errors", "2.5 errors"]
    assert [german.say(one) for one in errors] == ["1 Fehler", "2 Fehler", "1.200 Fehler", "2,5 Fehler"]
    three = listed(("L3", errors[0], "L5"))
    assert (str(three), english.say(three)) == ("L3, 1 error and L5", "L3, 1 error and L5")
    assert german.say(three) == "L3, 1 Fehler und L5"
    assert german.say(listed(("L3",))) == "L3"
