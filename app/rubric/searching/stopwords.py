"""Words that say nothing about what is looked for: left out of what is asked, unless within quotes.

Short lists of our own: articles, pronouns, prepositions, auxiliaries. A language without a list has no such words.
"""

from typing import Final

STOP_WORDS: Final[dict[str, frozenset[str]]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": (
            "a about am an and any are as at be been but by can could did do does for from had has have he her his "
            "how i if in into is it its me my no not of on or our she should so some such than that the their them "
            "then there these they this those to us was we were what when where which who whom whose why will with "
            "would you your"
        ),
        "de": (
            "aber als am an auch auf aus bei bin bis das dass dem den der des die du durch ein eine einem einen "
            "einer eines er es fur hat haben ich ihr im in ist kann mit nach nicht noch nur ob oder sein sich sie "
            "sind so uber um und uns unter von vor war warum was welche wenn wer wie wir wird wo zu zum zur"
        ),
        "fr": (
            "a au aux avec ce ces cette comme dans de des du elle en est et il ils je la le les leur lui mais me "
            "nous on ou par pas plus pour quand que quel quelle qui sa sans se ses son sont sur tu un une vous"
        ),
        "es": (
            "a al como con cual cuando de del donde el ella en es esta este la las lo los mas mi muy no nos o para "
            "pero por que se ser si sin son su sus un una y"
        ),
    }.items()
}
"""By language, folded."""
