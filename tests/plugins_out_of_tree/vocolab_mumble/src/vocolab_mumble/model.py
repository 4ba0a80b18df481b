"""The acoustic model: a sentence in, a mel with durations out."""

from __future__ import annotations

import numpy as np
import torch

from vocolab import Mel
from vocolab.networks.weights import filled
from vocolab.speech.prediction import Prediction
from vocolab_mumble.letters import numbers
from vocolab_mumble.network import Network


def network_of(voice):
    """The network in a voice."""
    return filled(lambda: Network(voice.mel_spec.n_mels), voice.float32(), "the voice").eval()


class Mumble:
    def __init__(self, options, voice):
        self.mel_spec, self.network = voice.mel_spec, network_of(voice)

    def synthesize(self, sentence, *, seed=0):
        symbols, words = [], []
        for number, word in enumerate(sentence.words):
            symbols += [*word.word, " "]
            words += [number] * len(word.word) + [-1]
        letters = numbers("".join(symbols))
        with torch.inference_mode():
            log_frames = self.network.durations(torch.from_numpy(letters)[None])[0].numpy()
            durations = np.maximum(np.rint(np.exp(log_frames)), 1).astype(np.int64)
            values = self.network(torch.from_numpy(np.repeat(letters, durations))[None])[0].numpy()
        values = np.clip(values, self.mel_spec.silence, 2.0)
        return Prediction(Mel(values, self.mel_spec), tuple(symbols), durations, tuple(words))
