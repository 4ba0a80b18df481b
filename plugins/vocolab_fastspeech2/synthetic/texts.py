"""What the corpus says: lines of a table of sentences as they are, joined to whole sentences, cut to clauses, and short
ones of everyday life, which no book of that table has.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

WHOLE, CUT, SHORT = 0.35, 0.12, 0.16
"""Shares of the passages that are joined, cut, and invented."""
LONGEST_CHARACTERS = 330
_CLAUSE = re.compile(r"(?<=[,;:])\s+")

_NAMES = "Anna Peter Maria James Helen David Laura Simon Kate Robert Emily George Alice Henry Paris London Boston"
_NOUNS = """train doctor garden kitchen window letter station river mountain teacher coffee morning evening picture
story question answer ticket holiday weather market office computer phone car bicycle bridge school hospital island"""
_VERBS = "see find take bring leave open close change forget remember send keep buy sell finish start repeat"
_MONTHS = "January February March April May June July August September October November December"
_OPENINGS = """Yes.
No.
Hello!
Good morning.
Thank you very much.
I don't know.
Of course!
Never mind.
Really?
Stop!
Wait a moment.
Well done!
See you tomorrow.
What a pity!
Help!
Please sit down.
Not at all.
That's all right.
Come in.
Good night."""
_FRAMES = """Where is the {noun}?
Have you seen {name}'s {noun}?
Could you {verb} the {noun}, please?
{name} is here.
Why did {name} {verb} it?
Turn left at the {noun}.
We'll {verb} it at {hour}:{minute}.
How many {noun}s are there?
It costs ${n}.{minute}.
On {month} {day}, {year}, {name} and {other} met.
Is this your {noun}, or is it {name}'s?
The {noun} is {n} miles away.
Don't {verb} the {noun}!
What time is it?
Chapter {n}.
{n}, {day}, {hour}.
I {verb} the {noun} every day.
{name}, {other}, and I {verb} the {noun}; you don't.
Who told you to {verb} it?
The temperature is {n} degrees.
Call {digits}.
Your order number is {digits}.
When will {name} {verb} the {noun}?
Unfortunately, the {noun} is closed today.
Amazing!
Nothing about the {noun} is new: it's only {n} years old.
In {year} there were {n}%.
Let's {verb} another {noun}."""


class Passage(NamedTuple):
    """A text to be said, and a name for it."""

    name: str
    text: str


def read_table(path: Path, left_out: Sequence[str]) -> list[Passage]:
    """The lines `name|text` of a table, those whose names begin with one of `left_out` excepted."""
    lines = path.read_text(encoding="utf-8").splitlines()
    passages = (Passage(*line.split("|")[:2]) for line in lines if line.count("|"))
    return [passage for passage in passages if not passage.name.startswith(tuple(left_out))]


def passages(table: Sequence[Passage], seed: int) -> Iterator[Passage]:
    """Passages in a random order, without an end to the short ones; ends when the table is used up."""
    choice = random.Random(seed)
    groups = list(_groups(table, choice))
    choice.shuffle(groups)
    for number, group in enumerate(groups):
        if choice.random() < SHORT / (1 - SHORT) * 1.2:
            yield Passage(f"short-{number:05d}", _short(choice))
        if len(group) > 1:
            yield Passage(f"{group[0].name}+{len(group) - 1}", " ".join(passage.text for passage in group))
        elif choice.random() < CUT:
            clauses = _CLAUSE.split(group[0].text)
            yield from (Passage(f"{group[0].name}-{part}", text) for part, text in enumerate(clauses) if len(text) > 6)
        else:
            yield group[0]


def _groups(table: Sequence[Passage], choice: random.Random) -> Iterator[list[Passage]]:
    """Lines, some of them with those that finish their sentence."""
    at = 0
    while at < len(table):
        count = 1
        if choice.random() < WHOLE:
            while not _whole(table, at, count) and _length(table, at, count + 1) < LONGEST_CHARACTERS:
                count += 1
        yield list(table[at : at + count])
        at += count


def _whole(table: Sequence[Passage], at: int, count: int) -> bool:
    end = at + count
    chapter = table[at].name.partition("-")[0]
    return end >= len(table) or not table[end].name.startswith(chapter) or table[end - 1].text.rstrip('"')[-1:] in ".?!"


def _length(table: Sequence[Passage], at: int, count: int) -> int:
    return sum(len(passage.text) + 1 for passage in table[at : at + count])


def _short(choice: random.Random) -> str:
    if choice.random() < 0.15:
        return choice.choice(_OPENINGS.splitlines())
    name, other = choice.sample(_NAMES.split(), 2)
    return choice.choice(_FRAMES.splitlines()).format(
        name=name, other=other, noun=choice.choice(_NOUNS.split()), verb=choice.choice(_VERBS.split()),
        n=choice.randrange(2, 1000),
        hour=choice.randrange(1, 13), minute=f"{choice.randrange(10, 60)}", day=choice.randrange(1, 29),
        month=choice.choice(_MONTHS.split()), year=choice.randrange(1700, 2030),
        digits=" ".join(str(choice.randrange(1, 10)) for _ in range(7)),
    )
