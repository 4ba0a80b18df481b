"""Sounds of unknown words from their letters: the trained network without torch, a few thousandths of a second a word.

A bidirectional GRU reads the word; a second GRU says what each letter makes, with a beam of the likeliest ways.
`vocolab_english.training.train_letters` trains it.
"""

from __future__ import annotations

import json
import struct
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load

from vocolab_english.dictionary import Phonemes

MODEL = Path(__file__).parent / "data" / "letters.safetensors"
BEAM = 4
LONGEST = 60
"""Letters; longer words are said in pieces."""

Floats = NDArray[np.float32]


class LetterSounds:
    """Says words from their letters; `packed` is the safetensors file that the training wrote."""

    def __init__(self, packed: bytes) -> None:
        weights = {name: value.astype(np.float32) for name, value in load(packed).items()}
        described = _metadata(packed)
        self._numbers = {letter: 1 + number for number, letter in enumerate(described["letters"])}
        self._chunks = [tuple(chunk.split()) for chunk in json.loads(described["chunks"])]
        self._letters = weights["letters.weight"]
        self._forward = _Gru(weights, "reader", "_l0")
        self._backward = _Gru(weights, "reader", "_l0_reverse")
        self._speaker = _Gru(weights, "speaker", "_l0")
        read_size = 2 * self._forward.size
        self._read_gates = self._speaker.input[:read_size]
        self._said_gates = weights["said.weight"] @ self._speaker.input[read_size:] + self._speaker.input_bias
        self._scores = weights["scores.weight"].T.copy()
        self._bias = weights["scores.bias"]

    def __call__(self, word: str) -> Phonemes:
        """The likeliest sounds of a word of a-z and apostrophes; other letters are passed over."""
        letters = [self._numbers[letter] for letter in word.lower() if letter in self._numbers]
        pieces = [letters[start : start + LONGEST] for start in range(0, len(letters), LONGEST)]
        return tuple(phoneme for piece in pieces for phoneme in self._say(piece))

    def _say(self, letters: list[int]) -> Phonemes:
        hidden = np.zeros((1, self._speaker.size), np.float32)
        total = np.zeros(1, np.float32)
        said = np.array([[len(self._chunks)]])
        for gates in self._read(letters) @ self._read_gates:
            hidden = self._speaker.step(gates + self._said_gates[said[:, -1]], hidden)
            scores = (total[:, None] + _log_softmax(hidden @ self._scores + self._bias)).ravel()
            best = np.argpartition(-scores, BEAM)[:BEAM]
            best = best[np.argsort(-scores[best], kind="stable")]
            rows, chunks = np.divmod(best, len(self._chunks))
            total, hidden = scores[best], hidden[rows]
            said = np.concatenate([said[rows], chunks[:, None]], axis=1)
        return tuple(phoneme for number in said[0, 1:] for phoneme in self._chunks[number])

    def _read(self, letters: list[int]) -> Floats:
        """For each letter what the word is around it: (letters, 2 * size)."""
        vectors = self._letters[letters]
        return np.concatenate([self._forward.run(vectors), self._backward.run(vectors[::-1])[::-1]], axis=1)


class _Gru:
    """One direction of a GRU, with the gates in torch's order: reset, update, new."""

    def __init__(self, weights: dict[str, Floats], name: str, suffix: str) -> None:
        self.input = weights[f"{name}.weight_ih{suffix}"].T.copy()
        self.input_bias = weights[f"{name}.bias_ih{suffix}"]
        self._hidden = weights[f"{name}.weight_hh{suffix}"].T.copy()
        self._hidden_bias = weights[f"{name}.bias_hh{suffix}"]
        self.size = len(self._hidden)

    def run(self, sequence: Floats) -> Floats:
        """The state after each vector of a sequence."""
        hidden = np.zeros((1, self.size), np.float32)
        states = []
        for gates in sequence @ self.input + self.input_bias:
            hidden = self.step(gates[None], hidden)
            states.append(hidden[0])
        return np.array(states)

    def step(self, gates: Floats, hidden: Floats) -> Floats:
        """The next state of each row; `gates` is what the input makes, its bias included."""
        own = hidden @ self._hidden + self._hidden_bias
        size = self.size
        reset, update = np.split(_sigmoid(gates[:, : 2 * size] + own[:, : 2 * size]), 2, axis=1)
        new = np.tanh(gates[:, 2 * size :] + reset * own[:, 2 * size :])
        following: Floats = new + update * (hidden - new)
        return following


def _sigmoid(values: Floats) -> Floats:
    result: Floats = 0.5 + 0.5 * np.tanh(0.5 * values)
    return result


def _log_softmax(scores: Floats) -> Floats:
    shifted = scores - scores.max(axis=1, keepdims=True)
    result: Floats = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return result


def _metadata(packed: bytes) -> dict[str, str]:
    (length,) = struct.unpack("<Q", packed[:8])
    described: dict[str, str] = json.loads(packed[8 : 8 + length])["__metadata__"]
    return described


@cache
def _model() -> LetterSounds:
    return LetterSounds(MODEL.read_bytes())


@lru_cache(maxsize=4096)
def sounds_of(word: str) -> Phonemes:
    """The likeliest sounds of a word by the plugin's own model, which is read once."""
    return _model()(word)
