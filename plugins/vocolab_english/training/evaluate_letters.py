"""Measures the letter-to-sound model: `python -m vocolab_english.training.evaluate_letters`.

The words are of families that it never saw.
The phoneme error rate is the edits between what the model says and the nearest listed pronunciation, over the
phonemes of that pronunciation; stress is ignored unless said otherwise. `--words` and `--names` are lists of words,
one a line, by which the classes are told.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from vocolab_english.dictionary import Phonemes
from vocolab_english.letter_sounds import MODEL, LetterSounds
from vocolab_english.symbols import without_stress
from vocolab_english.training.train_letters import pairs_of


class Errors(NamedTuple):
    """Of one word."""

    edits: int
    phonemes: int


def edits(said: Sequence[str], right: Sequence[str]) -> int:
    """Insertions, deletions and substitutions between two sequences, as few as possible."""
    row = list(range(len(right) + 1))
    for n, one in enumerate(said, 1):
        diagonal, row[0] = row[0], n
        for place, other in enumerate(right, 1):
            diagonal, row[place] = row[place], min(diagonal + (one != other), row[place] + 1, row[place - 1] + 1)
    return row[-1]


def errors(said: Phonemes, listed: Iterable[Phonemes], *, stress: bool = False) -> Errors:
    """Against the nearest of the listed pronunciations."""
    spoken = said if stress else tuple(map(without_stress, said))
    results = []
    for one in listed:
        right = one if stress else tuple(map(without_stress, one))
        results.append(Errors(edits(spoken, right), len(right)))
    return min(results, key=lambda result: result.edits / result.phonemes)


def report(name: str, results: Sequence[Errors]) -> str:
    """A row of a table: words, phoneme error rate, word error rate."""
    rate = sum(result.edits for result in results) / sum(result.phonemes for result in results)
    wrong = sum(result.edits > 0 for result in results) / len(results)
    return f"| {name} | {len(results)} | {rate:.2%} | {wrong:.1%} |"


def main() -> None:
    """Measure a model, by class of word."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--part", default="test", choices=["test", "check"])
    parser.add_argument("--words", type=Path, help="list of common words, in lower case")
    parser.add_argument("--names", type=Path, help="list of names")
    options = parser.parse_args()
    model = LetterSounds(options.model.read_bytes())
    listed: dict[str, list[Phonemes]] = defaultdict(list)
    for word, phonemes in pairs_of(options.part):
        listed[word].append(phonemes)
    common, names = _word_list(options.words), _word_list(options.names)
    classes: dict[str, list[Errors]] = defaultdict(list)
    for word, right in listed.items():
        said = model(word)
        result = errors(said, right)
        kind = "common words" if word in common else "names" if word in names else "other words"
        for name in ("all", kind):
            classes[name].append(result)
        classes["all, stress counted"].append(errors(said, right, stress=True))
    print("| class | words | phoneme errors | words with an error |\n|---|---|---|---|")
    print("\n".join(report(name, results) for name, results in sorted(classes.items())))


def _word_list(path: Path | None) -> frozenset[str]:
    if path is None:
        return frozenset()
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return frozenset(line.split()[0].lower() for line in lines if line.strip() and not line.startswith("#"))


if __name__ == "__main__":
    main()
