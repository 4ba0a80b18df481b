"""What Griffin-Lim costs: it has no network, so its FFTs and the inversion's matrices are what counts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab.networks.sizes import Sizes
from vocolab_griffinlim.options import GriffinLimOptions

INVERSION_STEPS = 12
"""`vocolab.mels.inversion.STEPS`, which is not imported for the scipy that comes with it; a test compares the two."""


def sizes(config: Mapping[str, Any], mel_spec: MelSpec | None) -> Sizes:
    """The sizes for options `config`, by default the default options on the mels of hifigan-22k.

    A real FFT of n samples is taken as 5/4 n log2(n) multiplications with an addition. In the inversion's sparse
    matrices every bin lies in two filters; the pseudo-inverse is full.
    """
    spec = mel_spec or convention("hifigan-22k")
    options = GriffinLimOptions.model_validate(dict(config))
    iterations, bins = options.iterations, spec.n_fft // 2 + 1
    an_fft = 1.25 * spec.n_fft * math.log2(spec.n_fft)
    inversion = (2 * INVERSION_STEPS + 1) * 2 * bins if options.inversion == "exact" else spec.n_mels * bins
    a_frame = (2 * iterations + 1) * an_fft + inversion
    context = context_frames(iterations, spec.win_samples, spec.hop_samples)
    note = f"{iterations} iterations; no network, FFTs and matrices"
    return Sizes(0, a_frame * spec.frame_rate_hz, context, note, spec.frame_rate_hz)


def context_frames(iterations: int, win_samples: int, hop_samples: int) -> int:
    """Every iteration carries what a frame says to all frames that it overlaps."""
    return (iterations + 1) * max(math.ceil(win_samples / hop_samples) - 1, 1)
