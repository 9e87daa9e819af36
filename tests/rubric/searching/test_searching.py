"""Searching as a pure function: words and their tokens, what is asked, what answers and how it is shown."""

import re
import unicodedata
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rubric.index import Index
from app.rubric.ladder import Competency, Expectation, Facet, Faq, Ladder, Level, Page, Track
from app.rubric.parts import Example, ExternalId, Link, Statement
from app.rubric.searching import (
    Document,
    Filters,
    Segment,
    Showing,
    documents_of,
    entry_of,
    ranked,
    read_question,
)
from app.rubric.searching.documents import plain
from app.rubric.searching.spelling import respelled
from app.rubric.searching.words import fold, tokens_of, words_in
from tests.strategies import ladders

ANY_TEXT = st.text(alphabet=st.characters(), max_size=60)
"""Halves of surrogate pairs included."""


def ladder_of(*texts: str, language: str = "en") -> Ladder:
    """Return a ladder with a page for each text."""
    pages = tuple(Page(slug=f"p{number}", title="Page", text=text) for number, text in enumerate(texts))
    return Ladder(slug="acme", title="Acme", language=language, pages=pages)


def found(ladder: Ladder, asked: str, filters: Filters | None = None) -> list[str]:
    """Return the results, best first, as `kind:address`."""
    looked = [(one, entry_of(one, ladder.language)) for one in documents_of(Index.of(ladder))]
    hits = ranked(looked, read_question(asked, [ladder.language]), filters or Filters())
    return [f"{document.kind}:{document.address}" for _, _, document, _ in hits]


def stems(text: str, language: str = "en") -> list[str]:
    tokens = (tokens_of(word.text, language) for word in words_in(text))
    return [one.stem for one in tokens if one is not None]


def marked(segments: Sequence[Segment]) -> str:
    return "".join(f"[{one.text}]" if one.match else one.text for one in segments)


def shown(ladder: Ladder, asked: str) -> tuple[str, str, str | None, tuple[str, ...]]:
    """Return the best result as shown: title and snippet with matches in brackets, address, matched properties."""
    question = read_question(asked, [ladder.language])
    looked = [(one, entry_of(one, ladder.language)) for one in documents_of(Index.of(ladder))]
    _, _, document, entry = ranked(looked, question, Filters())[0]
    made = Showing(question).show(document.title, document.parts, entry.ends, entry.words, ladder.language)
    return marked(made.title), marked(made.snippet), made.at, made.matched


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The team's L5, ci/cd", ["The", "team", "L5", "ci", "cd"]),
        ("l\u2019\u00e9quipe don't", ["\u00e9quipe", "don"]),
        ("C++ and C#, not C+ or Google+", ["C++", "and", "C#", "not", "C", "or", "Google"]),
        ("cafe\u0301 so\u00adft", ["cafe\u0301", "so\u00adft"]),
        ("snake_case 1.0", ["snake", "case", "1", "0"]),
        ("\u8a2d\u8a08\u306e", ["\u8a2d", "\u8a08", "\u306e"]),
        (
            "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
            ["\u05e9\u05dc\u05d5\u05dd", "\u0645\u0631\u062d\u0628\u0627"],
        ),
        ('\U0001f680 - * " \0 \ud800', []),
    ],
)
def test_words_are_runs_of_letters_and_digits(text: str, words: list[str]) -> None:
    assert [word.text for word in words_in(text)] == words


def test_case_and_accents_count_for_nothing() -> None:
    assert [
        fold(text) for text in ("\u00c9quipe", "STRA\u00dfE", "\ufb01ne", "na\u00efve", "So\u00adft")
    ] == [
        "equipe",
        "strasse",
        "fine",
        "naive",
        "soft",
    ]


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", "design designs designed designing"),
        ("en-GB", "review reviews reviewed"),
        ("de", "H\u00e4user Hauser Haus"),
        ("fr", "d\u00e9veloppe developpe"),
        (
            "ru",
            "\u043a\u043d\u0438\u0433\u0430 \u043a\u043d\u0438\u0433\u0438 \u043a\u043d\u0438\u0433\u043e\u0439",
        ),
    ],
)
def test_forms_of_a_word_have_one_stem(language: str, forms: str) -> None:
    assert len(set(stems(forms, language))) == 1


def test_a_language_that_no_stemmer_knows_keeps_its_words() -> None:
    assert stems("designs designed", "tlh") == ["designs", "designed"]
    assert stems("l5 q3s 2026", "en") == ["l5", "q3s", "2026"]


@given(ANY_TEXT, st.sampled_from(["en", "de", "fr", "ru", "ar", "hi", "tr", "xx", ""]))
def test_tokens_of_any_text_are_plain_letters_and_digits(text: str, language: str) -> None:
    for word in words_in(text):
        assert text[word.start : word.end] == word.text
        tokens = tokens_of(word.text, language)
        if tokens is not None:
            assert all(token.isascii() and token.isalnum() and token == token.lower() for token in tokens)


@given(ANY_TEXT, st.integers(0, 60))
def test_the_beginning_of_a_word_is_the_beginning_of_its_token(text: str, length: int) -> None:
    for word in words_in(text):
        whole, part = tokens_of(word.text, ""), tokens_of(fold(word.text)[:length], "")
        if whole is not None and part is not None and fold(word.text) == fold(fold(word.text)):
            assert whole.whole.startswith(part.whole)


def asked(text: str, *languages: str) -> list[str]:
    return [term.shown for term in read_question(text, languages or ("en",)).terms]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("System design", ["System", "design"]),
        ('"system design" review', ['"system design"', "review"]),
        ("\u201esystem design\u201c", ['"system design"']),
        ("scal*", ["scal*"]),
        ("cross-functional ci/cd", ['"cross functional"', '"ci cd"']),
        ("scalability-exp*", ["scalability", "exp*"]),
        ("-x title:design +a OR b", ["x", "title", "design", "b"]),
        ('"unbalanced and', ["unbalanced"]),
        ('what is expected of an "L5"', ["expected", '"L5"']),
        ('"the"', ['"the"']),
        ("design design Design", ["design", "Design"]),
        ("a* s*", ["s"]),
        ("", []),
        ('\0 \ud800 * ++ " ( ] {', []),
        ("the of and", []),
    ],
)
def test_anything_is_understood(text: str, terms: list[str]) -> None:
    assert asked(text) == terms


def test_what_cannot_be_looked_for_is_hinted_at() -> None:
    assert read_question("?!", ["en"]).hint == (
        'Nothing to look for: write a word, a "phrase", or the beginning of a word as scal*.'
    )
    assert read_question("the of", ["en"]).hint == (
        'Words as common as these are not looked for, unless they stand in quotes: "the".'
    )
    many = read_question(" ".join(f"w{number}" for number in range(10_000)), ["en"])
    assert len(many.terms) == 16
    assert many.hint == "Only the first 16 words and 2000 characters were looked for."


def test_common_words_are_those_of_the_ladders_language() -> None:
    assert asked("der Entwurf", "de") == ["Entwurf"]
    assert asked("der Entwurf", "en") == ["der", "Entwurf"]
    assert asked("der the Entwurf", "en", "de") == ["Entwurf"]


def test_a_word_is_looked_for_as_each_language_stems_it() -> None:
    (term,) = read_question("Entwicklungen", ["en", "de"]).terms
    assert term.tokens == (("entwicklungen",), ("entwickl",))


@given(ANY_TEXT, st.lists(st.sampled_from(["en", "de", "ja", ""]), max_size=3))
def test_any_question_is_read(text: str, languages: list[str]) -> None:
    question = read_question(text, languages)
    assert bool(question.terms) or question.hint is not None


def full() -> Ladder:
    return Ladder(
        slug="acme",
        title="Acme engineering",
        tracks=(Track(slug="ic", title="Individual contributor", group="Makers"),),
        levels=(
            Level(
                slug="l5", track="ic", code="L5", title="Senior engineer", summary="Designs whole systems."
            ),
            Level(slug="l6", track="ic", code="L6", title="Staff engineer", scope="Influence across teams."),
        ),
        competencies=(
            Competency(slug="design", title="System design", summary="Shapes systems.", category="Craft"),
        ),
        facets=(
            Facet(
                slug="scaling",
                competency="design",
                title="Scalability",
                references=(Link(title="A book of load", url="https://example.org"),),
                external_ids=(ExternalId(system="workday", id="JP-123"),),
                examples=(Example(slug="cache", text="Put a cache before it."),),
            ),
        ),
        expectations=(
            Expectation(
                level="l5",
                competency="design",
                facet="scaling",
                statements=(
                    Statement(text="Reviews designs."),
                    Statement(
                        slug="load-tests", text="Runs load tests.", examples=(Example(text="In May."),)
                    ),
                ),
            ),
        ),
        faqs=(Faq(slug="why", question="Why levels?", answer="For fairness.", about=("level:l5",)),),
    )


def test_every_entity_with_a_url_is_a_document_and_holds_what_is_inside_it() -> None:
    documents = {one.address: one for one in documents_of(Index.of(full()))}
    assert list(documents) == [
        *("acme", "ic", "l5", "l6", "design", "scaling", "cache", "l5--design--scaling"),
        *("statement--load-tests--example-1", "why"),
    ]
    asked_for = documents["l5--design--scaling"]
    assert asked_for.title == "L5 Senior engineer \u00b7 System design \u00b7 Scalability"
    assert [(part.field, part.weight, part.text, part.at) for part in asked_for.parts] == [
        ("level", "body", "L5 Senior engineer", None),
        ("competency", "body", "System design", None),
        ("facet", "body", "Scalability", None),
        ("statements", "body", "Reviews designs.", "expectation--l5--design--scaling--statement-1"),
        ("statements", "body", "Runs load tests.", "load-tests"),
    ]
    assert documents["why"].about == {"level:l5"}
    assert asked_for.about == {"level:l5", "competency:design"}


@pytest.mark.parametrize(
    ("question", "hits"),
    [
        ("scalability", ["facet:scaling", "expectation:l5--design--scaling"]),
        ("system design", ["competency:design", "level:l5", "expectation:l5--design--scaling"]),
        ('"system design"', ["competency:design", "expectation:l5--design--scaling"]),
        ("l5", ["level:l5", "expectation:l5--design--scaling"]),
        ("scal*", ["facet:scaling", "expectation:l5--design--scaling"]),
        ("load", ["facet:scaling", "expectation:l5--design--scaling"]),
        ("JP-123", ["facet:scaling"]),
        ("acme", ["ladder:acme"]),
        ("influence", ["level:l6"]),
        ("makers", ["track:ic"]),
        ("scalability influence", []),
    ],
)
def test_names_come_before_texts(question: str, hits: list[str]) -> None:
    assert found(full(), question) == hits


def test_what_is_called_just_so_comes_first_and_more_matches_come_before_fewer() -> None:
    pages = (
        Page(slug="a", title="Design reviews of design", text="Design."),
        Page(slug="b", title="Design", text=""),
        Page(slug="c", title="Other", text="design"),
        Page(slug="d", title="Other", text="design, then design"),
    )
    ladder = Ladder(slug="acme", title="Acme", pages=pages)
    assert found(ladder, "design") == ["page:b", "page:a", "page:d", "page:c"]


@pytest.mark.parametrize(
    ("filters", "hits"),
    [
        (Filters(kind="level"), ["level:l5", "level:l6"]),
        (Filters(level="l5"), ["level:l5", "expectation:l5--design--scaling"]),
        (Filters(competency="design"), ["expectation:l5--design--scaling"]),
        (Filters(level="l6", competency="design"), []),
        (Filters(kind="faq"), []),
    ],
)
def test_filters_choose_what_is_looked_through(filters: Filters, hits: list[str]) -> None:
    assert found(full(), "engineer", filters) == hits


def test_a_filter_finds_what_speaks_of_a_level() -> None:
    assert found(full(), "fairness", Filters(level="l5")) == ["faq:why"]
    assert found(full(), "fairness", Filters(level="l6")) == []


def test_a_hit_shows_where_it_matches() -> None:
    assert shown(full(), "load tests") == (
        "L5 Senior engineer \u00b7 System design \u00b7 Scalability",
        "Runs [load] [tests].",
        "load-tests",
        ("statements",),
    )
    assert shown(full(), "staff engineer") == (
        "L6 \u00b7 [Staff] [engineer]",
        "Influence across teams.",
        None,
        ("title",),
    )


def test_a_long_text_is_cut_around_its_first_match() -> None:
    words = [f"w{number}" for number in range(100)]
    title, snippet, _, matched = shown(ladder_of(" ".join(words)), "w50 w52")
    assert (title, matched) == ("Page", ("text",))
    assert (
        snippet
        == "\u2026" + " ".join(words[42:82]).replace("w50", "[w50]").replace("w52", "[w52]") + "\u2026"
    )


def test_a_phrase_and_an_accent_are_shown_as_written() -> None:
    text = "The caf\u00e9 does system  design, and systems designs."
    assert shown(ladder_of(text), 'cafe "system design"')[1] == (
        "The [caf\u00e9] does [system  design], and [systems designs]."
    )


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("<b onclick=x>Bold</b> <script>alert(1)</script>", ["Bold  alert(1)"]),
        ("<scr<b>ipt>alert(1)</scr</b>ipt>", ["scr ipt alert(1) /scr ipt"]),
        ("# Head\n\nA [link](https://example.org) and **bold** `code`.", ["Head", "A link and bold code."]),
        ("one\ntwo\n \n\nthree", ["one\ntwo", "three"]),
        ("a < b and c > d", ["a < b and c > d"]),
        (" \n\n ", []),
    ],
)
def test_markup_is_no_text(text: str, paragraphs: list[str]) -> None:
    assert [one.split() for one in plain(text)] == [one.split() for one in paragraphs]


@given(st.text(alphabet="<>/ab!- \n`*_[]()#", max_size=40))
def test_no_tag_is_left_of_any_text(text: str) -> None:
    assert not any(re.search(r"<[A-Za-z/!?][^<>]*>", paragraph) for paragraph in plain(text))


@given(ladders(), st.data())
def test_every_word_of_any_ladder_is_found_and_shown(ladder: Ladder, data: st.DataObject) -> None:
    documents = list(documents_of(Index.of(ladder)))
    document: Document = data.draw(st.sampled_from(documents))
    words = [word.text for part in document.parts for word in words_in(part.text)]
    words = [word for word in words if tokens_of(word, ladder.language) is not None]
    if not words:
        return
    word = data.draw(st.sampled_from(words))
    question = read_question(f'"{word}"', [ladder.language])
    looked = [(one, entry_of(one, ladder.language)) for one in documents]
    hits = {id(one): (one, entry) for _, _, one, entry in ranked(looked, question, Filters())}
    assert id(document) in hits
    for one, entry in hits.values():
        made = Showing(question).show(one.title, one.parts, entry.ends, entry.words, ladder.language)
        assert made.matched
        assert "".join(segment.text for segment in made.title) == one.title


def test_an_expectation_is_found_by_every_level_that_it_holds_at() -> None:
    ladder = Ladder.model_validate(
        {
            "slug": "x",
            "title": "X",
            "cumulative": "yes",
            "tracks": [{"slug": "ic", "title": "IC"}, {"slug": "m", "title": "M", "extends": "ic"}],
            "levels": [
                {"slug": "l1", "track": "ic", "title": "L1", "rank": 1},
                {"slug": "l2", "track": "ic", "title": "L2", "rank": 2},
                {"slug": "m2", "track": "m", "title": "M2", "rank": 2},
            ],
            "competencies": [{"slug": "craft", "title": "Craft"}],
            "expectations": [
                {"level": "l1", "competency": "craft", "statements": [{"text": "Tests."}]},
                {"level": "l2", "competency": "craft", "statements": [{"text": "Plans."}]},
            ],
        }
    )
    about = {one.address: sorted(one.about) for one in documents_of(Index.of(ladder))}
    assert about["l1--craft"] == ["competency:craft", "level:l1", "level:l2", "level:m2"]
    assert about["l2--craft"] == ["competency:craft", "level:l2", "level:m2"]


@pytest.mark.parametrize(
    ("language", "text", "asked"),
    [
        (
            "ko",
            "여러 팀의 이해관계자들과 소통한다.",
            "이해관계자",
        ),
        (
            "ko",
            "여러 팀의 이해관계자들과 소통한다.",
            "소통",
        ),
        (
            "th",
            "ทำงานร่วมกับทีม",
            "ทีม",
        ),
        ("ja", "チームを導く", "チーム"),
        ("zh", "负责系统设计", "系统"),
    ],
    ids=["Korean noun", "Korean verb", "Thai", "Japanese", "Chinese"],
)
def test_a_word_is_found_in_a_script_without_spaces(language: str, text: str, asked: str) -> None:
    ladder = ladder_of(text, "Leads.", language=language)
    for written in (asked, unicodedata.normalize("NFD", asked)):
        assert found(ladder, written) == ["page:p0"]


def test_a_suggestion_is_spelled_as_titles_spell_it() -> None:
    question = read_question("fuhrungskrafd", ["de"])
    assert respelled(question, lambda _: ["Führungskraft", "FÜHRUNGSKRAFT"]) == "Führungskraft"
