"""What `vocolab train mumble` trains: spectra and durations of letters, from recordings and what is said in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from vocolab import Audio, mel
from vocolab.errors import CorpusError
from vocolab.options import Options, make_options
from vocolab.training.corpus import read_corpus
from vocolab.training.generator import voice_from_state
from vocolab.training.tasks.task import Batch
from vocolab_mumble.letters import numbers
from vocolab_mumble.network import Network


class Config(Options):
    """Nothing can be chosen."""


@dataclass(frozen=True)
class TextBatch(Batch):
    """One sentence: its letters, how many frames each has, and its mel."""

    letters: Tensor
    frames: Tensor
    mel: Tensor


class TextData:
    """Clips with their texts; the frames of a clip are shared out evenly among its letters."""

    def __init__(self, corpus, spec, seed):
        self.train = [self._example(clip, spec) for clip in corpus.train if clip.text]
        self.held_out = [self._example(clip, spec) for clip in corpus.validation if clip.text]
        if not self.train or not self.held_out:
            raise CorpusError("no clip with a text to train on, or none to validate with")
        self.seed = seed
        self.summary = f"{len(self.train)} sentences to train on; {len(self.held_out)} held out"

    @staticmethod
    def _example(clip, spec):
        values = mel(Audio.mono(clip.cut(0, clip.samples.size), clip.sample_rate), spec).values
        letters = numbers(clip.text)
        ends = np.round(np.linspace(0, values.shape[1], letters.size + 1)).astype(np.int64)
        return letters, np.diff(ends), values

    def draw(self, step, size, share):
        chosen = np.random.default_rng([self.seed, step]).integers(len(self.train), size=size)
        return next(self.train[chosen[index]] for index in share)

    def batch(self, drawn, device, random):
        return TextBatch(random, *(torch.from_numpy(array)[None].to(device) for array in drawn))

    def validate(self, trainable, network, device, step=None):
        random = torch.Generator(device)
        with torch.no_grad():
            losses = [float(trainable.loss(network, self.batch(one, device, random))[0]) for one in self.held_out]
        return {"loss": sum(losses) / len(losses)}

    def score(self, figures):
        return -figures["loss"]


class TrainableMumble:
    def __init__(self, mel_spec):
        self.spec, self.network = mel_spec, Network(mel_spec.n_mels)

    def data(self, folder, recipe, samples, say):
        return TextData(read_corpus(folder, say, sample_rate=self.spec.sample_rate), self.spec, recipe.seed)

    def loss(self, network, batch):
        wanted = torch.log(batch.frames.clamp_min(1).float())
        duration = (network.durations(batch.letters) - wanted).abs().mean()
        letter_of_frame = torch.repeat_interleave(batch.letters[0], batch.frames[0])[None]
        spectrum = (network(letter_of_frame) - batch.mel).abs().mean()
        return spectrum + duration, {"spectrum": spectrum, "duration": duration}

    def export(self, state):
        return voice_from_state("mumble", {}, self.spec, state, kind="acoustic model")


def build(model, mel_spec):
    make_options(Config, model, "recipe [model]")
    return TrainableMumble(mel_spec)
