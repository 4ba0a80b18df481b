"""HiFi-GAN on a compiled graph, without torch."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from vocolab.engines.interfaces import Program
from vocolab.engines.spectrum import Resynthesis
from vocolab.engines.waveform import GraphVocoder
from vocolab.options import Options, make_options
from vocolab.spectral.frames import Frames
from vocolab.voice import Voice
from vocolab_hifigan.config import HifiGanConfig


class GraphHifiGan(GraphVocoder):
    """A HiFi-GAN voice whose graph gives audio, or the spectra that its head adds up: see `ends_in_spectra`."""

    def __init__(self, options: Options, voice: Voice, program: Program) -> None:
        config = make_options(HifiGanConfig, voice.config, "hifigan config")
        if ends_in_spectra(config):
            program = replace(program, execution=Resynthesis(program.execution, partial(_frames, config)))
        super().__init__(options, voice, program)


def ends_in_spectra(config: HifiGanConfig) -> bool:
    """Whether a graph for engines ends before the inverse STFT.

    The published heads have one step more than there are hops, so that their transforms stay in the graph; they are
    small besides.
    """
    return config.gen_istft_n_fft is not None and config.gen_istft_padding == "same"


def _frames(config: HifiGanConfig, count: int) -> Frames:
    """Those of a head's spectra: under periodic Hann windows, the first one centred on the middle of the first hop."""
    n_fft, hop = config.gen_istft_n_fft, config.gen_istft_hop_size
    assert n_fft is not None and hop is not None
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft)
    return Frames(count, hop, n_fft, window.astype(np.float32), start_samples=(n_fft - hop) // 2)
