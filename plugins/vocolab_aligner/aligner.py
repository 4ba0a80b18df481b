"""Aligns recordings with what is said in them, by a trained network."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from vocolab.errors import AudioError, CheckpointError, NoVoice
from vocolab.mels.mel import Mel
from vocolab.networks.weights import filled
from vocolab.options import Options, make_options
from vocolab.texts.symbols import SymbolSet
from vocolab.voice import Voice
from vocolab_aligner.config import AlignerConfig
from vocolab_aligner.examples import Example, centred
from vocolab_aligner.network import AlignerNetwork
from vocolab_aligner.search import durations
from vocolab_aligner.units import Units


class Aligner:
    """A trained aligner.

    Raises:
        NoVoice: if there are no weights.
        CheckpointError: if they were trained on other symbols than the language has now.
    """

    def __init__(self, options: Options, voice: Voice | None, symbols: SymbolSet) -> None:
        if voice is None:
            raise NoVoice("the aligner works with trained weights and none were given; see 'vocolab train --help'")
        values = dict(voice.config)
        trained = values.pop("symbols", ""), values.pop("symbols_checksum", "")
        if trained != (symbols.name, symbols.checksum):
            raise CheckpointError(f"this aligner was trained on the symbols {trained[0]!r}, and the language has "
                                  f"{symbols.name!r}; train it again")
        assert voice.mel_spec is not None
        self.config = make_options(AlignerConfig, values, "aligner config")
        self.mel_spec, self.units = voice.mel_spec, Units(symbols)
        network = filled(
            lambda: AlignerNetwork(self.config, len(self.units), self.mel_spec.n_mels), voice.float32(), "the voice"
        )
        self.network = network.eval().requires_grad_(False)

    def log_p(self, mel: Mel, symbols: tuple[str, ...]) -> NDArray[np.float32]:
        """Scaled log-likelihood of each symbol in each frame, (frames, symbols).

        Raises:
            AudioError: if there are fewer frames than symbols that need one.
        """
        example = Example("", centred(mel.values), self.units.numbers(symbols), self.units.optional(symbols))
        if not example.fits:
            raise AudioError(f"{example.frames} frames are too few for {len(symbols)} symbols; is the text what is "
                             "said?")
        frames, units = torch.tensor([example.frames]), torch.from_numpy(example.units)[None]
        with torch.inference_mode():
            values: NDArray[np.float32] = self.network(torch.from_numpy(example.mel)[None], frames, units)[0].numpy()
        return values

    def durations(self, mel: Mel, symbols: tuple[str, ...]) -> tuple[NDArray[np.int64], float]:
        """How many frames each symbol lasts, and the mean of their log-likelihoods in this placement.

        Raises:
            AudioError: if there are fewer frames than symbols that need one.
        """
        log_p = self.log_p(mel, symbols)
        counts = durations(log_p, self.units.optional(symbols))
        path = np.repeat(np.arange(counts.size), counts)
        return counts, float(log_p[np.arange(path.size), path].mean())
