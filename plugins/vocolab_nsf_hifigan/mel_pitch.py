"""F0 of a mel where none is given: read by the network of the voice `harmonic-22k`, for mels that can be brought to it.

A mel of another rate has the same frames if its frame rate and the length of its window in seconds are those of
`harmonic-22k`, and then the same bins in Hz. Its bands are spread over the bins by the pseudo-inverse of its filters
and gathered again by the other convention's.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vocolab.mels.filters import analysis_window, mel_filters
from vocolab.mels.spec import MelSpec

if TYPE_CHECKING:
    from vocolab_harmonic.pitch_reader import PitchReader

Floats = NDArray[np.float32]

_SAME = 1e-3


def f0_reader(spec: MelSpec) -> Callable[[Floats], Floats] | None:
    """What gives F0 in Hz (frames,), 0 where unvoiced, of a mel (n_mels, frames); None if such mels can't be read."""
    if spec.log_base != "e" or spec.mean is not None or spec.power != 1.0 or spec.log_gain != 1.0 or spec.clip:
        return None
    target = _reader().spec
    windows = spec.win_samples / spec.sample_rate, target.win_samples / target.sample_rate
    same = abs(spec.frame_rate_hz / target.frame_rate_hz - 1) < _SAME and abs(windows[0] / windows[1] - 1) < _SAME
    whole = spec.n_fft * target.sample_rate == target.n_fft * spec.sample_rate
    return (lambda mel: _f0(mel, spec)) if same and whole and spec.padding == target.padding else None


def as_harmonic_mel(mel: Floats, spec: MelSpec, target: MelSpec) -> Floats:
    """A mel of `spec` in the bands of `target`, whose bins are at the same frequencies."""
    known, wanted = mel_filters(spec).astype(np.float64), mel_filters(target).astype(np.float64)
    bins = min(known.shape[1], wanted.shape[1])
    gain = float(analysis_window(target).sum() / analysis_window(spec).sum())
    spectrum = np.maximum(np.linalg.pinv(known) @ np.exp(mel.astype(np.float64)), 0.0)
    bands = wanted[:, :bins] @ spectrum[:bins] * gain
    return np.log(np.maximum(bands, target.clamp)).astype(np.float32)


def _f0(mel: Floats, spec: MelSpec) -> Floats:
    from vocolab_harmonic.mel_pitch import f0_of

    reader = _reader()
    return f0_of(reader, as_harmonic_mel(mel, spec, reader.spec))


@lru_cache(maxsize=1)
def _reader() -> PitchReader:
    from vocolab.voice import Voice
    from vocolab_harmonic.pitch_reader import PitchReader

    with as_file(files("vocolab_harmonic") / "voices" / "harmonic-22k.safetensors") as path:
        return PitchReader.of(Voice.load(path))
