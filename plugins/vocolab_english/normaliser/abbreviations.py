"""Abbreviations by what stands around them: Dr. Smith, Elm Dr., St. Paul, Main St., No. 5, Smith & Co., Dallas, Tex."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from vocolab_english.normaliser import numbers
from vocolab_english.normaliser.rule import LETTER, Context, Said, rule, whole
from vocolab_english.normaliser.tables import listed, table, words

ALSO_WORDS = listed(
    "long fin pub lit mod pop rep prep prop vet lab labs tech arch alt cent dim imp math mil doc docs loc inv perm pat "
    "gram sing bot pol med mag var rel rec exp spec specs cal max min temp temps intro info memo sec cont corr fed fem "
    "pos pron ref ret sci sym syn trans aux bal comp dup elem enl exec fac freq fut lang lib mach pref prob prog quot "
    "reg res sect theol ult util voc fig ed no mar jun oct war off on co pub neg std arr def dev dist"
    " "
)
"""Abbreviations that may be meant as words where a sentence ends after them."""
_STATE_WORDS = listed("Miss Mass Ore Wash Ill Cal Ind Pa La Del Mont Ark Conn Kan Mo")
"""Abbreviations of states that are words or names too: they need a comma or a place before them."""


def _entries() -> dict[str, dict[str, str]]:
    entries: dict[str, dict[str, str]] = {}
    for form, said, when in table("abbreviations"):
        entries.setdefault(form, {})[when] = said
    for row in table("states"):
        for form in row[2].split() if len(row) > 2 else ():
            entries.setdefault(form.rstrip("."), {})["state"] = row[1]
    return entries


ENTRIES = _entries()
"""For each form, without its full stop, what it stands for in each surrounding."""
POSTAL = {row[0]: row[1] for row in table("states")}

_NAME = re.compile(r"\s?[\"'(]?(?:de\s|la\s|van\s|von\s|du\s|le\s|d'|O')?[A-Z][\w'-]*")
_ANY_NAME = re.compile(r"\s[a-z]{3}")
_LOWERED = listed("mr mrs ms dr prof st mt ft gen sgt capt lt col gov sen rev hon maj jr sr")
"""Titles that are looked for in a text without capitals too."""
_NUMBER = re.compile(r"\s?[#(]?(?:\d|[IVXLC]{1,6}(?!\w)|[ivxlc]{1,6}(?!\w)|[A-Z](?!\w)|[A-Z]{1,3}-?\d)")
_DAY = re.compile(r"\s?,|\s(?:\d|(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|the|at|morning|evening|night))")
_GOES_ON = re.compile(r"\s?[,;:)]|\s[a-z\d]")
_NO_NAMES = listed("the a an on in at to from of and or by for with this that his her is was no mr. mrs. dr.")


def _before_is_name(context: Context, match: re.Match[str]) -> bool:
    """Whether a name stands before: a capital that does not open the sentence, an ordinal, or an ampersand."""
    previous = context.previous(match.start())
    if not previous or context.text[: match.start()].rstrip(" ")[-1:] in ",;:":
        return False
    if previous in "&" or re.match(r"\d+(?:st|nd|rd|th)$", previous):
        return True
    return previous[0].isupper() and previous.lower() not in _NO_NAMES


def _name_or_comma_before(context: Context, match: re.Match[str]) -> bool:
    """Whether a name stands before, perhaps with a comma: Mr. Green, Esq."""
    previous = context.previous(match.start())
    return _before_is_name(context, match) or (previous[:1].isupper() and context.before(match.start()).endswith(","))


def _day_before(context: Context, match: re.Match[str]) -> bool:
    """Whether a day of the month stands before: the 15th inst."""
    return bool(re.match(r"\d+(?:st|nd|rd|th)$", context.before(match.start())))


def _after_comma(context: Context, match: re.Match[str]) -> bool:
    previous = context.before(match.start())
    return previous.endswith(",") or context.previous(match.start()).istitle()


Fits = Callable[[Context, "re.Match[str]"], bool]


def _follows(pattern: re.Pattern[str]) -> Fits:
    return lambda context, match: bool(pattern.match(context.text, match.end()))


def _name_follows(context: Context, match: re.Match[str]) -> bool:
    """Whether a capital follows; in a text without capitals any word may be a name."""
    return bool((_ANY_NAME if context.lowered else _NAME).match(context.text, match.end()))


_SURROUNDINGS: list[tuple[str, Fits, bool]] = [
    ("after day", _day_before, True),
    ("number", _follows(_NUMBER), True),
    ("state", _after_comma, True),
    ("street", lambda context, match: _before_is_name(context, match) and not _is_address_less(context, match), False),
    ("title", _name_follows, False),
    ("place", _name_follows, True),
    ("day", _follows(_DAY), True),
    ("note", _name_or_comma_before, True),
    ("street", lambda context, match: _before_is_name(context, match), False),
]
"""In the order in which they are tried: the surrounding, whether it is there, whether the full stop is needed."""


def _is_address_less(context: Context, match: re.Match[str]) -> bool:
    """Whether a name follows too, so that "St." or "Dr." between two names is more likely a title."""
    return bool(_NAME.match(context.text, match.end())) and match["form"] in ("St", "Dr", "Ft", "Mt", "Pt", "Ct")


def _meant(form: str, stop: bool, *, lowered: bool) -> dict[str, str]:
    """The entries of a form, also where it is capitalised or in capitals."""
    found = ENTRIES.get(form)
    if lowered and form in _LOWERED and (stop or form in ("mr", "mrs", "dr", "prof")):
        return {**(found or {}), **ENTRIES[form.capitalize()]}
    if found or len(form) < 2:
        return found or {}
    if form[0].isupper() and not form.isupper():
        lower = ENTRIES.get(form[0].lower() + form[1:], {})
        return {when: said for when, said in lower.items() if when in ("dot", "any", "number")}
    return ENTRIES.get(form.capitalize(), {}) or ENTRIES.get(form.lower(), {}) if form.isupper() and stop else {}


def _read(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    form = match["form"]
    stop = bool(match["stop"]) or "." in form
    entries = _meant(form, stop, lowered=context.lowered)
    words = _choose(entries, match, context, stop) if entries else None
    if words is None:
        return None
    several = len(entries) > 1 and words != next(iter(entries.values()))
    return whole(match, words, "abbreviation", assumed=f"{match.group()} read as {words}" if several else "")


def _choose(entries: dict[str, str], match: re.Match[str], context: Context, stop: bool) -> str | None:
    for when, fits, needs_stop in _SURROUNDINGS:
        allowed = stop or when == "street" or (not needs_stop and "any" in entries)
        if when in entries and allowed and fits(context, match):
            return entries[when]
    if stop and "dot" in entries:
        word = match["form"].lower()
        if word not in ALSO_WORDS or _GOES_ON.match(context.text, match.end()):
            return entries["dot"]
        return None
    if stop and "state" in entries and match["form"] not in _STATE_WORDS:
        return entries["state"]
    if "any" in entries and (match["form"] != "St" or stop):
        return entries["any"]
    return entries.get("title") if stop and match["form"] in ("Mr", "Mrs", "Ms", "Dr", "Messrs", "Prof") else None


def _state(match: re.Match[str], context: Context) -> Sequence[Said] | None:
    """A postal code after a comma or before a ZIP code: Santa Clara, CA 95051."""
    name = POSTAL.get(match["state"])
    comma = context.before(match.start()).endswith(",") and context.previous(match.start()).istitle()
    is_word = match["state"] in words("capital_words") and context.after(match.end(), 2).strip(" ").isalpha()
    if not name or not (match["zip"] or (comma and not is_word)):
        return None
    said = [Said(name, *match.span("state"), "address")]
    if match["zip"]:
        said.append(Said(numbers.spelled(match["zip"], zero=context.zero), *match.span("zip"), "address"))
    if match["plus"]:
        said.append(Said(numbers.spelled(match["plus"], zero=context.zero), *match.span("plus"), "address"))
    return said


def is_abbreviation(word: str) -> bool:
    """Whether a word, in lower case, may be an abbreviation."""
    return word in _LOWER


_LOWER = frozenset(form.lower() for form in ENTRIES)

RULES = [
    rule(r"(?P<state>[A-Z]{2})(?:[,.]?\s(?P<zip>\d{5})(?:-(?P<plus>\d{4}))?)?(?![\w-])", _state, LETTER),
    rule(
        r"(?P<form>(?:w/(?=\s|$)|&c|[A-Za-z](?:[A-Za-z]|\.(?=[A-Za-z])|'(?=[a-z])|/(?=[A-Za-z])){0,12})(?<![.]))(?P<stop>\.(?![.A-Za-z_]))?(?:(?<=\.)|(?![\w']))",
        _read, LETTER + "&",
    ),
]  # fmt: skip
