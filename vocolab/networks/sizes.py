"""How large a vocoder is and what a second of its audio costs, computed from its config without building it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from vocolab.mels.spec import MelSpec

CONVNEXT_KERNEL = 7
"""Frames that a convolution of a ConvNeXt backbone looks at."""


@dataclass(frozen=True)
class Sizes:
    """What `VocoderSpec.sizes` gives."""

    parameters: int
    """Numbers that were trained, weight norm folded; 0 for a vocoder without a network."""
    macs_per_second: float
    """Multiplications with an addition for a second of audio: convolutions, matrices and fixed filters.

    Activations, normalisations and a head's inverse FFT are not counted.
    """
    context_frames: int
    """Mel frames on either side that a sample depends on."""
    note: str = ""
    """What the figures hold for, where options change them: "6 steps"."""
    frame_rate_hz: float = 0.0
    """Mel frames a second of the convention that they hold for; 0 if that is not stated."""
    ahead_frames: int | None = None
    """Mel frames after a sample that it depends on; None: as many as on either side."""


@dataclass(frozen=True)
class Cost:
    """Parameters of a part of a network and its multiplications a second; costs of parts are added."""

    parameters: int = 0
    macs_per_second: float = 0.0

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.parameters + other.parameters, self.macs_per_second + other.macs_per_second)

    def __mul__(self, times: int) -> Cost:
        return Cost(self.parameters * times, self.macs_per_second * times)

    def sizes(
        self, context_frames: int, note: str = "", *, frame_rate_hz: float = 0.0, ahead_frames: int | None = None
    ) -> Sizes:
        """The sizes of a network that costs this."""
        return Sizes(self.parameters, self.macs_per_second, context_frames, note, frame_rate_hz, ahead_frames)


def total(*costs: Cost) -> Cost:
    """The sum of the costs of parts."""
    return sum(costs, Cost())


def convolution(
    inputs: int, outputs: int, kernel: int, rate_hz: float, *, groups: int = 1, bias: bool = True
) -> Cost:
    """A convolution of `inputs` to `outputs` channels, applied `rate_hz` times a second.

    That is the rate of its output, and for a transposed convolution the rate of its input. A linear layer is a
    convolution with a kernel of 1, an image's kernel the product of its sides.
    """
    weights = inputs * outputs * kernel // groups
    return Cost(weights + outputs * bias, weights * rate_hz)


def scales(channels: int) -> Cost:
    """Learned numbers that cost nothing worth counting: gains, slopes, the weights of a normalisation."""
    return Cost(channels)


def convnext(channels: int, dim: int, inner: int, layers: int, rate_hz: float) -> Cost:
    """The backbone of `vocolab.networks.convnext`, from `channels` to `dim` features, `inner` inside its `layers`."""
    norm = scales(2 * dim)
    block = total(
        convolution(dim, dim, CONVNEXT_KERNEL, rate_hz, groups=dim), norm, convolution(dim, inner, 1, rate_hz),
        convolution(inner, dim, 1, rate_hz), scales(dim),
    )
    return convolution(channels, dim, CONVNEXT_KERNEL, rate_hz) + norm + block * layers + norm


def convnext_reach(layers: int) -> int:
    """Frames on either side that a frame of the backbone's features depends on."""
    return (1 + layers) * (CONVNEXT_KERNEL // 2)


class SizesOf(Protocol):
    """Computes a vocoder's sizes from its config, without torch: what `vocolab vocoders` shows."""

    def __call__(self, config: Mapping[str, Any], mel_spec: MelSpec | None) -> Sizes:
        """The sizes for a voice's config and convention; `{}` and None mean the published default.

        Raises:
            ValueError: if the config is none of this vocoder.
        """
        ...
