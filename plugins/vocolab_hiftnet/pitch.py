"""What reads F0 from a mel in HiFTNet and in CosyVoice's HiFT: networks in the checkpoint itself.

Kum and Nam, "Joint detection and classification of singing voice melody using convolutional recurrent neural networks"
(2019), of which HiFTNet uses the classifier for F0 itself. Parameter names are those of the published checkpoints.
"""

from __future__ import annotations

from torch import Tensor, nn

_SLOPE = 0.01
_BANDS = 80


def _norm(channels: int) -> nn.BatchNorm2d:
    """Normalisation by what training measured; how many batches that were is of no use."""
    norm = nn.BatchNorm2d(channels)
    norm.num_batches_tracked = None
    return norm


class PooledBlock(nn.Module):
    """Half as many bands, then two convolutions beside one of a single tap."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.pre_conv = nn.Sequential(_norm(inputs), nn.LeakyReLU(_SLOPE), nn.MaxPool2d((1, 2)))
        self.conv = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), _norm(outputs), nn.LeakyReLU(_SLOPE),
            nn.Conv2d(outputs, outputs, 3, padding=1, bias=False),
        )
        self.conv1by1 = nn.Conv2d(inputs, outputs, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, inputs, frames, bands) to (batch, outputs, frames, bands / 2)."""
        pooled = self.pre_conv(x)
        return self.conv(pooled) + self.conv1by1(pooled)  # type: ignore[no-any-return]


class JointDetection(nn.Module):
    """F0 of mels with 80 bands by convolutions over bands and frames and an LSTM over all frames."""

    def __init__(self) -> None:
        super().__init__()
        self.conv_block = nn.Sequential(
            nn.Conv2d(1, 64, 3, padding=1, bias=False), _norm(64), nn.LeakyReLU(_SLOPE),
            nn.Conv2d(64, 64, 3, padding=1, bias=False),
        )
        self.res_block1, self.res_block2 = PooledBlock(64, 128), PooledBlock(128, 192)
        self.res_block3 = PooledBlock(192, 256)
        self.pool_block = nn.Sequential(_norm(256), nn.LeakyReLU(_SLOPE), nn.MaxPool2d((1, 4)))
        self.bilstm_classifier = nn.LSTM(512, 256, batch_first=True, bidirectional=True)
        self.classifier = nn.Linear(512, 1)

    def forward(self, mel: Tensor) -> Tensor:
        """(batch, 80, frames) to F0 in Hz, (batch, frames)."""
        x = self.conv_block(mel.transpose(1, 2)[:, None])  # (B, C, T) -> (B, 1, T, C)
        x = self.pool_block(self.res_block3(self.res_block2(self.res_block1(x))))
        features, _ = self.bilstm_classifier(x.transpose(1, 2).flatten(2))  # (B, F, T, 2) -> (B, T, 2F)
        return self.classifier(features).squeeze(-1).abs()  # type: ignore[no-any-return]


class Convolutions(nn.Module):
    """F0 by five convolutions over frames."""

    def __init__(self, bands: int, width: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for index in range(5):
            layers += [nn.Conv1d(width if index else bands, width, 3, padding=1), nn.ELU()]
        self.condnet = nn.Sequential(*layers)
        self.classifier = nn.Linear(width, 1)

    def forward(self, mel: Tensor) -> Tensor:
        """(batch, bands, frames) to F0 in Hz, (batch, frames)."""
        return self.classifier(self.condnet(mel).transpose(1, 2)).squeeze(-1).abs()  # type: ignore[no-any-return]
