"""Distance of magnitude spectra at three resolutions.

Yamamoto et al., "Parallel WaveGAN" (2020), eqs. 3 to 6, with its sizes: what BigVGAN and others report as M-STFT.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.metrics.pairs import common

_RESOLUTIONS = ((1024, 120, 600), (2048, 240, 1200), (512, 50, 240))
"""n_fft, hop, window, in samples."""
_FLOOR = 1e-7


def multi_resolution_stft(recorded: Audio, rendered: Audio) -> float:
    """Spectral convergence plus mean |ln magnitude ratio|, the mean of three resolutions; 0 if equal."""
    reference, degraded = common(recorded, rendered, recorded.sample_rate)
    return float(np.mean([_distance(reference, degraded, *sizes) for sizes in _RESOLUTIONS]))


def _distance(
    reference: NDArray[np.float32], degraded: NDArray[np.float32], n_fft: int, hop_samples: int, win_samples: int
) -> float:
    wanted, given = (_magnitudes(signal, n_fft, hop_samples, win_samples) for signal in (reference, degraded))
    convergence = float(np.linalg.norm(wanted - given)) / max(float(np.linalg.norm(wanted)), _FLOOR)
    ratio = np.log(np.maximum(wanted, _FLOOR)) - np.log(np.maximum(given, _FLOOR))
    return convergence + float(np.abs(ratio).mean())


def _magnitudes(
    signal: NDArray[np.float32], n_fft: int, hop_samples: int, win_samples: int
) -> NDArray[np.float32]:
    import torch

    spectrum = torch.stft(
        torch.from_numpy(np.ascontiguousarray(signal)), n_fft, hop_samples, win_samples,
        torch.hann_window(win_samples), pad_mode="constant", return_complex=True,
    )
    magnitudes: NDArray[np.float32] = spectrum.abs().numpy()
    return magnitudes
