"""The frames of a mel over a stream of samples: their spectra, and the signal that spectra add up to.

Frames are placed and windowed as the mel's convention says. What comes out is the same however the stream is cut.
"""

from __future__ import annotations

import numpy as np

from vocolab.mels.filters import analysis_window
from vocolab.mels.spec import MelSpec
from vocolab.spectral import fourier
from vocolab.spectral.fourier import Complex, Floats
from vocolab.spectral.frames import LEAST_WEIGHT


class AnalysisStream:
    """Samples in, the spectra (frames, n_fft // 2 + 1) of the frames that are whole out; beyond both ends are zeros."""

    def __init__(self, spec: MelSpec) -> None:
        self._spec, self.window = spec, analysis_window(spec)
        self._kept: Floats = np.zeros(spec.front_samples, np.float32)

    def push(self, samples: Floats, *, last: bool = False) -> Complex:
        """The spectra that the next samples complete; with `last`, one for each hop that has come."""
        n_fft, hop = self._spec.n_fft, self._spec.hop_samples
        behind = n_fft - hop - self._spec.front_samples if last else 0
        joined = np.concatenate([self._kept, samples, np.zeros(behind, np.float32)])
        frames = max(0, (joined.size - n_fft) // hop + 1)
        self._kept = joined[frames * hop :]
        if not frames:
            return np.zeros((0, n_fft // 2 + 1), np.complex64)
        parts = np.lib.stride_tricks.sliding_window_view(joined, n_fft)[: frames * hop : hop]
        return fourier.rfft(parts * self.window, n_fft)


class SynthesisStream:
    """Spectra (frames, n_fft // 2 + 1) in, the samples that no further frame reaches out: `hop_samples` for each."""

    def __init__(self, spec: MelSpec) -> None:
        self._spec, self._hop = spec, spec.hop_samples
        self._pieces = -(-spec.n_fft // self._hop)
        self._window = np.zeros(self._pieces * self._hop, np.float32)
        self._window[: spec.n_fft] = analysis_window(spec)
        self._squares = np.square(self._window).reshape(self._pieces, self._hop)
        total = self._squares.sum(axis=0)
        self._least = np.float32(LEAST_WEIGHT) * total.max()
        self._full: Floats = np.maximum(total, self._least)
        self._sum: Floats = np.zeros((self._pieces - 1, self._hop), np.float32)
        """Of the frames so far, where the next samples are."""
        self._frames = self._passed = self._given = 0

    def push(self, spectra: Complex, *, last: bool = False) -> Floats:
        """The samples that are certain once the next frames have come; with `last`, all that are left."""
        frames, n_fft = len(spectra), self._spec.n_fft
        self._frames += frames
        total = np.concatenate([self._sum, np.zeros((frames, self._hop), np.float32)])
        if frames:
            windows = np.zeros((frames, self._window.size), np.float32)
            np.multiply(fourier.irfft(spectra, n_fft), self._window[:n_fft], out=windows[:, :n_fft])
            for piece in range(self._pieces):
                total[piece : piece + frames] += windows[:, piece * self._hop : (piece + 1) * self._hop]
        ready = len(total) if last else frames
        self._sum = total[ready:]
        samples: Floats = np.divide(total[:ready], self._weights(ready, last=last), dtype=np.float32).reshape(-1)
        skipped = min(max(self._spec.front_samples - self._passed, 0), samples.size)
        self._passed += samples.size
        samples = samples[skipped : skipped + self._frames * self._hop - self._given]
        self._given += samples.size
        return samples

    def _weights(self, ready: int, *, last: bool) -> Floats:
        """The squared windows that reach each of the next rows of samples, (rows, hop_samples), or a row for all."""
        first = self._frames - (ready - self._pieces + 1 if last else ready)
        if first >= self._pieces - 1 and not last:
            return self._full
        rows = [self._full if self._pieces - 1 <= row < self._frames else self._weight(row)
                for row in range(first, first + ready)]
        return np.stack(rows) if rows else self._full

    def _weight(self, row: int) -> Floats:
        there = [piece for piece in range(self._pieces) if 0 <= row - piece < self._frames]
        weight: Floats = np.maximum(self._squares[there].sum(axis=0), self._least)
        return weight
