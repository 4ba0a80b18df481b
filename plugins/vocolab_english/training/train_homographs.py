"""Fits the homographs' weights: `python -m vocolab_english.training.train_homographs tests/english/homographs/*.txt`.

Maximum likelihood with a Gaussian prior, by L-BFGS. A reading may be of several parts of speech: its probability is
their sum. Weights of a word's own features are pulled to zero more strongly than those that all words share.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from vocolab_english.homograph_features import features, merged
from vocolab_english.homographs import LISTED, WEIGHTS, Chooser, Reading, Weights, forms, hint_features, pack_weights
from vocolab_english.homographs import parse_readings as parse
from vocolab_english.training.homograph_sentences import Labelled, read_sentences

SHARED_STRENGTH = 1.0
OWN_STRENGTH = 0.7
"""Features of a word's own count so much, which makes their weights the smaller."""
PENALTY = 0.1
SMALLEST = 0.02
"""Weights below are left out of the file."""


def fitted(sentences: Sequence[Labelled], readings: dict[str, tuple[Reading, ...]], prior: float) -> Weights:
    """The weights that make the sentences' readings most likely."""
    problem = _Problem(sentences, readings)
    start = np.zeros(len(problem.names))
    result = minimize(problem.loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200})
    shared: dict[str, dict[str, float]] = {}
    own: dict[str, dict[str, float]] = {}
    for (group, name), value in zip(problem.names, result.x, strict=True):
        is_own = "/" in group
        weight = value * (OWN_STRENGTH if is_own else SHARED_STRENGTH)
        if abs(weight) >= SMALLEST:
            (own if is_own else shared).setdefault(group, {})[name] = round(float(weight), 3)
    return Weights(shared, own, prior)


class _Problem:
    """All sentences as one sparse matrix: a row for each part of speech of each reading of each sentence."""

    def __init__(self, sentences: Sequence[Labelled], readings: dict[str, tuple[Reading, ...]]) -> None:
        self._columns: dict[tuple[str, str], int] = {}
        rows: list[int] = []
        columns: list[int] = []
        values: list[float] = []
        sentence_of: list[int] = []
        right: list[bool] = []
        for number, sentence in enumerate(sentences):
            context, place = merged(sentence.tokens, sentence.at)
            found = features(context, place)
            base, choices = forms(readings, sentence.word)
            for index, reading in enumerate(choices):
                own = f"{base}/{reading.name}"
                for part in reading.parts:
                    named = [(part, name) for name in found.syntax]
                    named += [("hints", name) for name in hint_features(reading, found)]
                    row = len(sentence_of)
                    for group, strength in ((named, SHARED_STRENGTH), ([(own, n) for n in found.words], OWN_STRENGTH)):
                        for key in group:
                            rows.append(row)
                            columns.append(self._columns.setdefault(key, len(self._columns)))
                            values.append(strength)
                    sentence_of.append(number)
                    right.append(index == sentence.reading)
        self.names = list(self._columns)
        self._matrix = csr_matrix((values, (rows, columns)), (len(sentence_of), len(self.names)))
        self._sentence = np.array(sentence_of)
        self._right = np.array(right)
        self._weight = _balance(sentences)

    def loss(self, weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """The negative logarithm of the likelihood with the penalty, and its gradient."""
        scores = np.asarray(self._matrix @ weights)
        highest = np.full(len(self._weight), -np.inf)
        np.maximum.at(highest, self._sentence, scores)
        mass = np.exp(scores - highest[self._sentence])
        total = np.bincount(self._sentence, mass)
        hit = np.bincount(self._sentence, mass * self._right)
        shares = mass / total[self._sentence] - mass * self._right / hit[self._sentence]
        gradient = self._matrix.T @ (shares * self._weight[self._sentence]) + PENALTY * weights
        loss = -np.sum(self._weight * np.log(hit / total)) + 0.5 * PENALTY * weights @ weights
        return float(loss), gradient


def _balance(sentences: Sequence[Labelled]) -> NDArray[np.float64]:
    """What each sentence counts, so that all readings of a word count alike."""
    counts: dict[tuple[str, int], int] = {}
    for one in sentences:
        counts[one.word, one.reading] = counts.get((one.word, one.reading), 0) + 1
    return np.array([6.0 / counts[one.word, one.reading] for one in sentences])


def right_answers(chooser: Chooser, sentences: Sequence[Labelled]) -> list[bool]:
    """For each sentence whether its reading was chosen."""
    answers = []
    for one in sentences:
        base, choices = forms(chooser.readings, one.word)
        answers.append(chooser.choose(base, choices, one.tokens, one.at) is choices[one.reading])
    return answers


def report(chooser: Chooser, sentences: Sequence[Labelled]) -> str:
    """Right answers: of all sentences, and as the mean over words, where those with few sentences count as much."""
    by_word: dict[str, list[bool]] = {}
    for one, answer in zip(sentences, right_answers(chooser, sentences), strict=True):
        by_word.setdefault(one.word, []).append(answer)
    answers = [answer for of_word in by_word.values() for answer in of_word]
    words = [np.mean(of_word) for of_word in by_word.values()]
    of_all, of_words = np.mean(answers), np.mean(words)
    return f"{of_all:.1%} of {len(answers)} sentences, {of_words:.1%} as the mean over {len(words)} words"


def main() -> None:
    """Fit the weights to the sentences that are not held out, and write them into the plugin."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sentences", type=Path, nargs="+")
    parser.add_argument("--prior", type=float, default=0.5, help="what a reading's frequency counts")
    options = parser.parse_args()
    readings = parse(LISTED.read_text(encoding="utf-8"))
    sentences = read_sentences(options.sentences)
    kept = [one for one in sentences if not one.held_out]
    weights = fitted(kept, readings, options.prior)
    WEIGHTS.write_bytes(pack_weights(weights))
    chooser = Chooser(readings, weights)
    for name, some in (("fitted", kept), ("held out", [one for one in sentences if one.held_out])):
        print(f"{name}: {report(chooser, some)}")
    print(f"{WEIGHTS.stat().st_size} bytes in {WEIGHTS}")


if __name__ == "__main__":
    main()
