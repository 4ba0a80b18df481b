"""All discriminators of a recipe as one network."""

from __future__ import annotations

from torch import Tensor, nn

from vocolab.training.adversarial.band import SIZES, BandDiscriminator
from vocolab.training.adversarial.layers import Output
from vocolab.training.adversarial.light import SIZES as LIGHT_SIZES
from vocolab.training.adversarial.light import LightDiscriminator
from vocolab.training.adversarial.mel import MelDiscriminator
from vocolab.training.adversarial.period import PeriodDiscriminator
from vocolab.training.adversarial.resolution import RESOLUTIONS, ResolutionDiscriminator
from vocolab.training.adversarial.scale import ScaleDiscriminator
from vocolab.training.tables import AdversarialOptions


class Discriminators(nn.Module):
    """Every discriminator judges the same."""

    def __init__(self, options: AdversarialOptions) -> None:
        super().__init__()
        self.judges = nn.ModuleList(judge for kind in options.discriminators for judge in _of_kind(kind, options))

    def forward(self, judged: Tensor) -> list[Output]:
        """Scores and features, a pair a discriminator, of audio (batch, samples) or mels (batch, frames, n_mels)."""
        return [judge(judged) for judge in self.judges]


def _of_kind(kind: str, options: AdversarialOptions) -> list[nn.Module]:
    width = options.width
    if kind == "period":
        return [PeriodDiscriminator(period, width) for period in options.periods]
    if kind == "scale":
        return [ScaleDiscriminator(halvings, width) for halvings in range(options.scales)]
    if kind == "resolution":
        return [ResolutionDiscriminator(resolution, width) for resolution in RESOLUTIONS]
    if kind == "light":
        return [LightDiscriminator(n_fft, width) for n_fft in LIGHT_SIZES]
    if kind == "mel":
        return [MelDiscriminator(width)]
    return [BandDiscriminator(n_fft, width) for n_fft in SIZES]
