"""Mel spectrograms from audio."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.errors import AudioError
from vocolab.mels.filters import mel_filters, spectrum_gain
from vocolab.mels.mel import Mel
from vocolab.mels.scaling import finish, logarithms
from vocolab.mels.spec import MelSpec

# Frames at a time: some megabytes of spectrum, whatever the length of the audio.
_CHUNK_FRAMES = 256


def extract(audio: Audio, spec: MelSpec) -> Mel:
    """The mel spectrogram of `audio`, of `spec.frames(samples)` frames.

    Several channels are averaged to one. Audio at another rate is resampled to `spec.sample_rate` with soxr (HQ).
    Both ends are extended by reflection; audio that is shorter than the extension is reflected again and again, and
    a single sample is repeated. Memory grows with the audio and the mel, not with the spectra between them.

    Raises:
        AudioError: if the audio has no samples, or too few for one frame, or holds NaN or infinity.
    """
    samples = _mono(audio, spec)
    frames = spec.frames(samples.size)
    if frames == 0:
        raise AudioError(f"{samples.size} samples at {spec.sample_rate} Hz are too short for a mel: one frame takes "
                         f"{spec.hop_samples} samples")
    extended = np.pad(samples, _padding(spec, samples.size), mode="reflect" if samples.size > 1 else "edge")
    analysis = _Analysis(spec)
    levels = np.empty((spec.n_mels, frames), dtype=np.float32)
    for start in range(0, frames, _CHUNK_FRAMES):
        stop = min(start + _CHUNK_FRAMES, frames)
        first = start * spec.hop_samples
        last = (stop - 1) * spec.hop_samples + spec.n_fft
        levels[:, start:stop] = logarithms(analysis(extended[first:last]), spec)
    return Mel(finish(levels, spec), spec)


def _mono(audio: Audio, spec: MelSpec) -> NDArray[np.float32]:
    """One channel at the rate of `spec`."""
    if audio.n_samples == 0 or audio.channels == 0:
        raise AudioError("the audio is empty: there is nothing to make a mel of")
    if not np.all(np.isfinite(audio.samples)):
        raise AudioError("the audio holds NaN or infinity; fix or replace the samples first")
    samples: NDArray[np.float32] = audio.mono_at(spec.sample_rate).samples[0]
    return samples


def _padding(spec: MelSpec, n_samples: int) -> tuple[int, int]:
    """Samples to add on the left and on the right."""
    left = spec.front_samples
    needed = (spec.frames(n_samples) - 1) * spec.hop_samples + spec.n_fft
    # An odd n_fft - hop takes its last sample on the right.
    return left, max(left, needed - left - n_samples)


class _Analysis:
    """From samples to filter outputs, by torch.

    Below some 120 dB under a frame's loudest bin a float32 spectrum is rounding noise, and it differs from one FFT to
    the next: by 0.7 nat in the quietest bands of a mel. Published vocoders learned on torch's noise, so this takes
    torch's FFT and torch's window, and agrees with their own mels to the noise of the processor.
    """

    def __init__(self, spec: MelSpec) -> None:
        import torch

        self._spec = spec
        self._filters = torch.tensor(mel_filters(spec))
        left = (spec.n_fft - spec.win_samples) // 2
        window = torch.hann_window(spec.win_samples, periodic=spec.window == "hann")
        self._window = torch.nn.functional.pad(window, (left, spec.n_fft - spec.win_samples - left))

    def __call__(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Filter outputs (n_mels, frames) of all the frames that fit in `samples`."""
        import torch

        spec = self._spec
        with torch.inference_mode():
            frames = torch.from_numpy(samples).unfold(0, spec.n_fft, spec.hop_samples)
            spectrum = torch.fft.rfft(frames * self._window)
            magnitudes = torch.sqrt(spectrum.real**2 + spectrum.imag**2 + spec.magnitude_eps)
            if spec.spectrum_scale != "none":
                magnitudes *= spectrum_gain(spec)
            if spec.power != 1.0:
                magnitudes **= spec.power
            bands: NDArray[np.float32] = (self._filters @ magnitudes.T).numpy()
        return bands
