"""What kind of word a neighbour is: closed classes by list, open classes by ending."""

from __future__ import annotations

from functools import lru_cache

NUMBER = "#"
"""Stands for number words, one or more in a row, in the context of a homograph."""

_LISTS = {
    "det": "the a an this these those each every no some any another either neither such what both all many "
    "several few most much half certain various numerous",
    "poss": "my your his her its our their whose one's",
    "subj": "i we they who there",
    "he": "he she",
    "it": "it you",
    "that": "that",
    "obj": "me him them us himself herself itself themselves ourselves myself yourself",
    "modal": "will would can could may might must shall should cannot can't won't couldn't wouldn't shouldn't mustn't "
    "i'll you'll he'll she'll it'll we'll they'll i'd you'd he'd she'd we'd they'd let's please don't "
    "doesn't didn't",
    "to": "to",
    "be": "is are was were be been being am isn't aren't wasn't weren't i'm you're we're they're he's she's it's "
    "that's",
    "have": "have has had having haven't hasn't hadn't i've you've we've they've",
    "do": "do does did",
    "not": "not never",
    "prep": "of in on at by for with from into onto about over under after before between among through during against "
    "without within across along behind beyond near off since until toward towards upon per via amid around beneath "
    "beside besides despite except inside outside like unlike throughout",
    "and": "and or but nor yet &",
    "sub": "which who whom when where while if because although though as than whether why how unless once so",
    "adv": "also often always usually sometimes still just even only then now soon later again already ever once "
    "here rather quite very too more most less least almost nearly well together directly further instead thus "
    "therefore however first finally perhaps maybe seldom rarely never far much yet away back",
    "help": "help helps helped helping let lets make makes made making see saw watch hear heard",
    "begin": "began begin begins continued continue tried try tries wanted want wants decided failed refused agreed "
    "hoped planned ordered forced allowed attempted attempt used able unable ability going about",
    "adj": "new old good bad great large small big little long short high low early late young recent main major minor "
    "first second third last next other same different own important common public private national local "
    "international foreign federal military political economic social human natural strong weak heavy light dark white "
    "black red blue green full free open whole entire total final original present current former previous serious "
    "famous popular special general particular single double rare poor rich hot cold warm dry wet deep sharp slight "
    "huge tiny modern ancient royal legal criminal civil chemical physical medical personal professional annual daily "
    "weekly monthly significant considerable further official formal written direct best worst better worse greatest "
    "largest highest lowest only top key live female male american british french german english chinese japanese "
    "russian italian spanish indian european african",
}
_CLASSES = {word: name for name, words in reversed(_LISTS.items()) for word in words.split()}

_ENDINGS = (
    ("ly", "-ly"), ("ing", "-ing"), ("ed", "-ed"), ("tion", "-noun"), ("sion", "-noun"), ("ness", "-noun"),
    ("ment", "-noun"), ("ity", "-noun"), ("ism", "-noun"), ("ance", "-noun"), ("ence", "-noun"), ("ship", "-noun"),
    ("ist", "-noun"), ("er", "-er"), ("or", "-er"), ("ous", "-adj"), ("al", "-adj"), ("ive", "-adj"), ("ful", "-adj"),
    ("ic", "-adj"), ("able", "-adj"), ("ible", "-adj"), ("less", "-adj"), ("ary", "-adj"), ("ish", "-adj"),
    ("ese", "-adj"), ("ian", "-adj"), ("ss", "-other"), ("us", "-other"), ("is", "-other"), ("'s", "-'s"),
    ("s'", "-'s"), ("s", "-s"),
)  # fmt: skip
_SHORTEST_STEM = 2

_BEFORE_A_NOUN = frozenset(
    "opposed opposition due access barrier addition relation respect regard contrast according owing next close "  # noqa: SIM905
    "closer contributed contributes contributing led leads leading key approach objection objections resistance "
    "response reaction solution reference introduction introduced commitment committed damage attention exposure "
    "exposed devoted dedicated accustomed limited related similar prior subject subjected adjacent equal equivalent "
    "rise came comes put brought returned attributed belongs belonged refers referred relates thanks up down back "
    "resort resorted given gave sold sent added attached applied assigned converted reduced restricted sensitive "
    "vulnerable immune alternative threat prone".split()
)
"""Behind these, "to" is a preposition more often than it opens an infinitive."""


OPEN_CLASSES = frozenset({name for _, name in _ENDINGS} | {"adj", "adv", "-other"})


@lru_cache(maxsize=8192)
def word_class(word: str) -> str:
    """The class of a word in lower case: "det", "modal", "prep", ... or, for open classes, its ending, or "-other"."""
    if word == NUMBER or word in _CLASSES:
        return "number" if word == NUMBER else _CLASSES[word]
    for ending, name in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return name
    return "-other"


def class_behind(word: str, before: str) -> str:
    """The class of a word behind the word `before`: the "to" of "due to" is a preposition."""
    return "prep" if word == "to" and before in _BEFORE_A_NOUN else word_class(word)
