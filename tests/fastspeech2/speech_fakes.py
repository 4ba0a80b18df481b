"""An untrained small voice that speaks at once, and sentences for it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import torch

import vocolab
from vocolab.mels.conventions import convention
from vocolab.texts.document import Prosody, Sentence
from vocolab.voice import Voice
from vocolab_fastspeech2.model import FastSpeech2
from vocolab_fastspeech2.options import FastSpeech2Options
from vocolab_fastspeech2.training import build

SMALL: dict[str, Any] = {
    "dim": 32, "encoder_layers": 1, "decoder_dilations": [1, 2], "predictor_dim": 16, "predictor_dilations": [1],
    "inventory": {"speakers": ["one", "two"]},
}
LENGTH = 6
"""Frames that the untrained voice gives each symbol."""


@cache
def small_voice(seed: int = 0) -> Voice:
    """Random weights, but for durations and voicing, which are what a trained voice might have."""
    torch.manual_seed(seed)
    trainable = build(SMALL, convention("hifigan-22k"))
    network = trainable.network
    with torch.no_grad():
        network.duration.out.weight.zero_()
        network.duration.out.bias.fill_(float(torch.log1p(torch.tensor(float(LENGTH)))))
        network.pitch.out.bias[1] = 5.0
    return trainable.export(network.state_dict())


def model(speaker: str = "") -> FastSpeech2:
    """It, ready to speak."""
    return FastSpeech2(FastSpeech2Options(speaker=speaker), small_voice())


@cache
def sentence(text: str = "We went home, and it rained.") -> Sentence:
    """A sentence with its sounds."""
    return next(iter(vocolab.text(text).sentences))


def said_as(given: Sentence, prosody: Prosody, numbers: set[int] | None = None) -> Sentence:
    """The sentence with this prosody for all of its words, or for some."""
    words = [
        replace(word, prosody=prosody) if numbers is None or number in numbers else word
        for number, word in enumerate(given.words)
    ]
    return replace(given, words=tuple(words))
