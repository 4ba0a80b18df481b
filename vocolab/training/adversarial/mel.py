"""A discriminator of log mels, for acoustic models: what L1 alone smooths away is what it hears.

Yang et al., "GANSpeech: Adversarial training for high-fidelity multi-speaker speech synthesis" (2021), train FastSpeech
2 against one. This one is convolutional in both directions, laid out as the thin discriminators of spectra in `light`:
each score stands for about a fifth of a second and all bands.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn.utils.parametrizations import weight_norm

from vocolab.training.adversarial.layers import Output, channels, scores_and_features

CHANNELS = (32, 64, 64)


class MelDiscriminator(nn.Module):
    """0.12 M parameters at a width of 1; a sixteenth of the bands is left in the last layer."""

    def __init__(self, width: float = 1.0) -> None:
        super().__init__()
        first, second, third = (channels(published, width) for published in CHANNELS)
        self.layers = nn.ModuleList([
            weight_norm(nn.Conv2d(1, first, (3, 9), (1, 2), padding=(1, 4))),
            weight_norm(nn.Conv2d(first, second, (3, 9), (1, 2), padding=(2, 4), dilation=(2, 1))),
            weight_norm(nn.Conv2d(second, third, (3, 5), (1, 2), padding=(4, 2), dilation=(4, 1))),
            weight_norm(nn.Conv2d(third, third, (3, 5), (1, 2), padding=(1, 2))),
        ])
        self.last = weight_norm(nn.Conv2d(third, 1, (3, 3), padding=(1, 1)))

    def forward(self, mel: Tensor) -> Output:
        """Scores and features of (batch, frames, n_mels)."""
        return scores_and_features(mel[:, None], self.layers, self.last)
