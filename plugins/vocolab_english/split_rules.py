"""What the sentence splitter has to know of English: abbreviations, and the words that open sentences and clauses."""

from __future__ import annotations

from functools import cache

from vocolab.texts.language import SplitRules
from vocolab_english.normaliser.abbreviations import ALSO_WORDS, ENTRIES

_BEFORE_NAMES = frozenset({"title", "place"})
_IN_MID_SENTENCE = frozenset({"e.g", "i.e", "cf", "viz", "vs", "ca", "al"})
_STATUTES = frozenset({"cap", "geo", "vict", "ch", "sec", "art"})
_ALSO_AT_THE_END = frozenset({"jr", "sr", "esq", "phd", "ph.d", "m.d", "st", "dr", "ave", "blvd", "rd"})

_OPENING = (
    "a after again all also although an and another any anyone are as at because before both but by can could despite "
    "did do does during each either even every everyone few first for from had has have he hence her here his how "
    "however i if in indeed instead is it its just last later let like many maybe meanwhile more moreover most much my "
    "neither never nevertheless next no nobody none nor not nothing now of often on once one only or other others our "
    "over perhaps please second several she should since so some somebody someone sometimes soon still such suddenly "
    "surely that the their then there therefore these they this those though through thus to today together tomorrow "
    "tonight too two under unless until upon very was we well were what whatever when whenever where whether which "
    "while who whoever whom whose why will with within without would yes yesterday yet you your"
)
_CLAUSES = (
    "after although and as because before but for if nor or since so than that though unless until when where whereas "
    "which while who whom whose without yet"
)


@cache
def split_rules() -> SplitRules:
    """The rules, from the normaliser's own table of abbreviations."""
    names = {form.lower() for form, said in ENTRIES.items() if _BEFORE_NAMES & said.keys()}
    names -= _ALSO_AT_THE_END | ALSO_WORDS
    numbers = {form.lower() for form, said in ENTRIES.items() if "number" in said}
    forms = {form.lower() for form in ENTRIES}
    return SplitRules(
        titles=frozenset(names | _IN_MID_SENTENCE) - _ALSO_AT_THE_END,
        abbreviations=frozenset((forms | _ALSO_AT_THE_END) - names - _IN_MID_SENTENCE - ALSO_WORDS),
        before_numbers=frozenset(numbers) | _STATUTES,
        openers=frozenset(_OPENING.split()),
        clause_words=frozenset(_CLAUSES.split()),
    )
