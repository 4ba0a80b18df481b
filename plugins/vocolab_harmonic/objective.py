"""What is learned: spectra as near to the recording's as its own noise lets them be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np
import torch
from pydantic import Field
from torch import Tensor, nn

from vocolab.mels.filters import mel_filters
from vocolab.mels.spec import MelSpec
from vocolab.options import Options
from vocolab.training.losses.spectral import MEL_BANDS, log_distance, spectral_convergence
from vocolab.training.spectra import Magnitudes

_EDGE_POWER = 1e-10
"""Mean power of a bin below which a recording is empty there; the rounding of 16 bit leaves more."""
_SHARE = 0.9
"""Where a resampler begins to fall, of where it ends."""


_Size = Annotated[int, Field(ge=32, le=8192)]


class Objective(Options):
    """The table `[model.objective]` of a recipe."""

    mel: float = Field(15.0, ge=0.0, description="L1 of log mels at n_fft 512, 1024 and 2048.")
    stft: float = Field(3.0, ge=0.0, description="Spectral convergence and log magnitude at the sizes of stft_sizes.")
    stft_sizes: tuple[_Size, ...] = Field(
        (256, 512, 1024, 2048), min_length=1, max_length=8,
        description="n_fft of the stft distance. Only sizes below a period of the voice, 128 and less, see how sharp "
        "the pulses are.",
    )
    repulsion: float = Field(
        0.0, ge=0.0, le=1.0,
        description="How much two renderings of different noise are asked to differ; 1 is the energy distance, whose "
        "least is at the recording's own distribution.",
    )
    band_gains: int = Field(
        0, ge=0, le=8, description="Rounds of band gains that renderings go through before they are compared."
    )
    band_gains_share: float = Field(
        1.0, ge=0.0, le=1.0,
        description="Of the steps that band_gains is for. Where it is for all, a rendering without them gets worse.",
    )
    f0: Literal["recording", "mel"] = Field(
        "recording",
        description="Where F0 comes from: the recording, by vocolab's tracker, or the mel, by the voice's own network, "
        "as it is heard. The second leaves that network as it is.",
    )
    pitch: float = Field(1.0, ge=0.0, description="Of the network that reads F0 from the mel.")


class SpectralDistance(nn.Module):
    """The distance of one or two renderings from a recording, as far up as the recording goes.

    With two renderings y, z of independent noise and `repulsion` r it is (d(x, y) + d(x, z) - r d(y, z)) / 2. A single
    rendering is nearest to a noisy recording where it has no noise; a pair, with r = 1, where its noise is the
    recording's: Gneiting and Raftery, "Strictly proper scoring rules" (2007); Gritsenko et al., "A spectral energy
    distance for parallel speech synthesis" (2020).
    """

    def __init__(self, sample_rate: int, weights: Objective) -> None:
        super().__init__()
        self.weights = weights
        sizes = sorted({*weights.stft_sizes, *MEL_BANDS})
        self.spectra = nn.ModuleList(Magnitudes(n_fft) for n_fft in sizes)
        for n_fft, bands in MEL_BANDS.items():
            spec = MelSpec(
                sample_rate=sample_rate, n_fft=n_fft, win_samples=n_fft, hop_samples=n_fft // 4, n_mels=bands,
                fmax_hz=sample_rate / 2,
            )
            self.register_buffer(f"filters_{n_fft}", torch.from_numpy(np.array(mel_filters(spec))), persistent=False)

    def forward(self, rendered: Sequence[Tensor], recorded: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """The distance of one or two (batch, samples) from (batch, samples), and its parts for the log."""
        edge = band_edge(recorded)
        sums = {"mel": recorded.new_zeros(()), "stft": recorded.new_zeros(())}
        for spectrum in self.spectra:
            n_fft = int(spectrum.n_fft)
            with torch.no_grad():
                wanted = spectrum(recorded)
                inside = torch.arange(n_fft // 2 + 1, device=edge.device)[None, :] <= edge[:, None] * (n_fft / 2)
            given = [torch.where(inside[:, :, None], spectrum(audio), wanted) for audio in rendered]
            if n_fft in self.weights.stft_sizes:
                sums["stft"] = sums["stft"] + self._spread(given, wanted, _stft_distance)
            if n_fft in MEL_BANDS:
                filters = getattr(self, f"filters_{n_fft}")
                bands = [filters @ magnitudes for magnitudes in given]
                sums["mel"] = sums["mel"] + self._spread(bands, filters @ wanted, log_distance)
        parts = {"mel": sums["mel"] / len(MEL_BANDS), "stft": sums["stft"] / len(self.weights.stft_sizes)}
        total = self.weights.mel * parts["mel"] + self.weights.stft * parts["stft"]
        return total, {name: part.detach() for name, part in parts.items()}

    def _spread(self, given: Sequence[Tensor], wanted: Tensor, distance) -> Tensor:  # type: ignore[no-untyped-def]
        near = sum(distance(one, wanted) for one in given) / len(given)
        if len(given) == 1 or self.weights.repulsion == 0:
            return near
        return near - self.weights.repulsion / 2 * distance(*given)


def _stft_distance(given: Tensor, wanted: Tensor) -> Tensor:
    return spectral_convergence(given, wanted) + log_distance(given, wanted)


@torch.no_grad()
def band_edge(audio: Tensor) -> Tensor:
    """Up to where recordings (batch, samples) go, as a share of half the sample rate; 1 where they fill it, or silent.

    A recording that was made at a lower rate ends below half of a higher one. That nothing is above is no property of
    the voice, and nothing that a network should learn.
    """
    n_fft = 1024
    window = torch.hann_window(n_fft, device=audio.device)
    power = torch.stft(audio, n_fft, n_fft // 2, window=window, return_complex=True).abs().square().mean(2)
    bins = torch.arange(1, power.shape[1] + 1, device=audio.device)
    last = (bins * (power > _EDGE_POWER)).amax(1) / power.shape[1]
    return torch.where((last > 0.98) | (last < 0.1), torch.ones_like(last), last * _SHARE)
