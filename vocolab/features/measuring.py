"""F0, voicing and energy at the frames of a mel convention."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.errors import AudioError
from vocolab.mels.filters import analysis_window
from vocolab.mels.pitch_track import pitch_facts
from vocolab.mels.spec import MelSpec
from vocolab.pitch import PitchOptions, track

_LEAST_DBFS = -120.0
_CHUNK_FRAMES = 256


@dataclass(frozen=True, eq=False)
class Features:
    """One value a frame of `spec`; frame i is the mel's frame i."""

    spec: MelSpec
    time_s: NDArray[np.float32]
    """The middle of each frame's window."""
    f0_hz: NDArray[np.float32]
    """0 where unvoiced."""
    energy: NDArray[np.float32]
    """The length of the vector of magnitudes in the frame's spectrum, bins 0 to n_fft / 2: FastSpeech 2's energy."""
    level_dbfs: NDArray[np.float32]
    """RMS of the windowed frame, full scale being a square wave; at least -120."""

    @property
    def voiced(self) -> NDArray[np.bool_]:
        """Where there is F0."""
        return self.f0_hz > 0

    @property
    def frames(self) -> int:
        """How many."""
        return self.f0_hz.size

    def facts(self) -> dict[str, Any]:
        """Figures of the whole."""
        loud = self.level_dbfs[self.voiced]
        return {"frames": self.frames, "pitch": pitch_facts(self.f0_hz).to_dict(),
                "voiced_level_dbfs": round(float(np.median(loud)), 1) if loud.size else None}


def measure_features(audio: Audio, spec: MelSpec, options: PitchOptions | None = None) -> Features:
    """The features of a recording, averaged to one channel, at the frames that its mel by `spec` has.

    Raises:
        AudioError: if it is too short for a frame.
    """
    samples = audio.mono_at(spec.sample_rate).samples[0]
    frames = spec.frames(samples.size)
    if frames == 0 or samples.size == 0:
        raise AudioError(f"{samples.size} samples at {spec.sample_rate} Hz are too short: one frame takes "
                         f"{spec.hop_samples} samples")
    first = spec.n_fft / 2 - spec.front_samples
    f0_hz = track(samples, spec.sample_rate, spec.hop_samples, options or PitchOptions(),
                  first_sample=first, frames=frames)
    energy, level_dbfs = _energies(samples, spec, frames)
    time_s = (first + np.arange(frames) * spec.hop_samples) / spec.sample_rate
    return Features(spec, time_s.astype(np.float32), f0_hz, energy, level_dbfs)


def _energies(
    samples: NDArray[np.float32], spec: MelSpec, frames: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Energy and level of each frame; both ends are extended by reflection as those of the mel are."""
    behind = max(spec.front_samples, (frames - 1) * spec.hop_samples + spec.n_fft - spec.front_samples - samples.size)
    extended = np.pad(samples, (spec.front_samples, behind), mode="reflect" if samples.size > 1 else "edge")
    cut = np.lib.stride_tricks.sliding_window_view(extended, spec.n_fft)[:: spec.hop_samples][:frames]
    window = analysis_window(spec)
    energy, power = np.empty(frames, np.float32), np.empty(frames)
    for start in range(0, frames, _CHUNK_FRAMES):
        windowed = cut[start : start + _CHUNK_FRAMES].astype(np.float64) * window
        energy[start : start + _CHUNK_FRAMES] = np.linalg.norm(np.fft.rfft(windowed, axis=1), axis=1)
        power[start : start + _CHUNK_FRAMES] = np.square(windowed).sum(axis=1) / np.square(window).sum()
    level = np.maximum(10 * np.log10(np.maximum(power, 1e-20)), _LEAST_DBFS)
    return energy, level.astype(np.float32)
