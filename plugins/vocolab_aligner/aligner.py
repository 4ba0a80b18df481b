"""Aligns recordings with what is said in them, by a trained network."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from vocolab.alignment.interfaces import Placement
from vocolab.catalog import Catalog
from vocolab.errors import AudioError, CheckpointError, NoVoice
from vocolab.mels.mel import Mel
from vocolab.networks.weights import filled
from vocolab.options import Options, make_options
from vocolab.texts.opening import open_speaker
from vocolab.voice import Voice
from vocolab_aligner.config import AlignerConfig
from vocolab_aligner.examples import Example, centred
from vocolab_aligner.network import AlignerNetwork
from vocolab_aligner.search import durations
from vocolab_aligner.units import Units


class Aligner:
    """A trained aligner, see `vocolab.alignment.interfaces.Aligner`.

    Raises:
        NoVoice: if there are no weights.
        CheckpointError: if they were trained on other symbols than the language has now, or do not fit their config.
        UnknownName: if the language is not installed.
    """

    def __init__(self, options: Options, voice: Voice | None) -> None:
        if voice is None or voice.mel_spec is None:
            raise NoVoice("the aligner works with trained weights and none were given; see 'vocolab train --help'")
        values = dict(voice.config)
        trained = values.pop("symbols", ""), values.pop("symbols_checksum", "")
        config = make_options(AlignerConfig, values, "aligner config")
        symbols = open_speaker(Catalog.installed(), config.language).language.symbols
        if trained != (symbols.name, symbols.checksum):
            raise CheckpointError(f"this aligner was trained on the symbols {trained[0]!r}, and {config.language} has "
                                  f"{symbols.name!r}; train it again")
        self.config, self.language, self.mel_spec = config, config.language, voice.mel_spec
        self.units = Units(symbols)
        n_mels = voice.mel_spec.n_mels
        network = filled(lambda: AlignerNetwork(config, len(self.units), n_mels), voice.float32(), "the voice")
        self.network = network.eval().requires_grad_(False)

    def log_p(self, mel: Mel, symbols: Sequence[str]) -> NDArray[np.float32]:
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

    def place(self, mel: Mel, symbols: Sequence[str]) -> Placement:
        """The likeliest placement of the symbols of a text in the mel of a recording of it.

        Each sound has `least_frames` of the config, fewer only where the recording is too short for that.

        Raises:
            AudioError: if there are fewer frames than symbols that need one.
        """
        log_p, optional = self.log_p(mel, symbols), self.units.optional(symbols)
        sounds = self.units.numbers(symbols) != 0
        for least in range(self.config.least_frames, 0, -1):
            repeated = np.repeat(np.arange(sounds.size), np.where(sounds, least, 1))
            if (~optional[repeated]).sum() <= log_p.shape[0]:
                break
        counts = np.bincount(repeated, durations(log_p[:, repeated], optional[repeated]), sounds.size).astype(np.int64)
        path = np.repeat(np.arange(counts.size), counts)
        return Placement(counts, log_p[np.arange(path.size), path])
