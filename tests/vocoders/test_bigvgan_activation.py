"""The anti-aliased activation: its filter, its definition, what it is for, and the fast form of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from conformance import PUBLISHED
from numpy.typing import NDArray
from torch import Tensor

from vocolab_bigvgan import rows
from vocolab_bigvgan.activation import AntiAliasedSnake, Snake
from vocolab_bigvgan.config import BigVganConfig
from vocolab_bigvgan.filters import kaiser_sinc, lowpass_taps
from vocolab_bigvgan.rows import RowSnake

KINDS: dict[str, dict[str, Any]] = {
    "snakebeta": {}, "snake": {"activation": "snake"}, "linear": {"snake_logscale": False},
}


def activation(channels: int, kind: str = "snakebeta") -> AntiAliasedSnake:
    torch.manual_seed(3)
    made = AntiAliasedSnake(channels, BigVganConfig.model_validate(KINDS[kind]))
    for parameter in made.parameters():
        parameter.data += 0.4 * torch.randn_like(parameter)
    return made


def test_the_filter_is_the_published_one() -> None:
    for name in ("bigvgan_v1", "bigvgan_v2"):
        stored = np.load(PUBLISHED / name / "fixed.npz")
        filters = [stored[key] for key in stored.files if key.endswith("filter")]
        assert len(filters) > 100
        for one in filters:
            np.testing.assert_allclose(one.ravel(), lowpass_taps(), atol=1e-7)


def test_the_filter_passes_the_lower_half_of_the_band() -> None:
    taps = lowpass_taps()
    gain = np.abs(np.fft.rfft(taps, 4096))
    frequency = np.fft.rfftfreq(4096)
    assert taps.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(taps, taps[::-1])
    assert gain[frequency < 0.1].min() > 0.95
    assert gain[frequency > 0.4].max() < 0.01
    assert gain[np.searchsorted(frequency, 0.25)] == pytest.approx(0.5, abs=0.02)


def test_a_wider_transition_stops_more() -> None:
    """Through all three ranges of Kaiser's beta: 0 below 21 dB, then growing, another formula above 50 dB."""
    frequency = np.fft.rfftfreq(4096)
    stopped = [
        np.abs(np.fft.rfft(kaiser_sinc(0.1, half_width, taps), 4096))[frequency > 0.25].max()
        for half_width, taps in ((0.08, 12), (0.1, 12), (0.12, 12), (0.2, 24), (0.3, 24))
    ]
    assert stopped == sorted(stopped, reverse=True)
    assert stopped[-1] < 1e-4


def by_definition(x: NDArray[np.float64], made: AntiAliasedSnake) -> NDArray[np.float64]:
    """Sample by sample, in float64: every filter tap by its index, indices beyond the ends held at the ends."""
    taps = lowpass_taps()
    alpha, divisor = (value.detach().double().numpy() for value in made.act.parameters_by_channel())
    samples = x.shape[1]
    high = np.zeros((x.shape[0], 2 * samples))
    for n in range(2 * samples):
        for k, tap in enumerate(taps):
            if (n + 5 - k) % 2 == 0:
                high[:, n] += 2 * tap * x[:, np.clip((n + 5 - k) // 2, 0, samples - 1)]
    high += np.sin(alpha[:, None] * high) ** 2 / divisor[:, None]
    low = np.zeros_like(x)
    for m in range(samples):
        for k, tap in enumerate(taps):
            low[:, m] += tap * high[:, np.clip(2 * m + k - 5, 0, 2 * samples - 1)]
    return low


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("samples", [1, 2, 3, 5, 40])
def test_both_forms_are_the_definition(kind: str, samples: int) -> None:
    made = activation(6, kind)
    x = torch.randn(1, 6, samples)
    expected = by_definition(x[0].double().numpy(), made)
    with torch.inference_mode():
        np.testing.assert_allclose(made(x)[0].numpy(), expected, atol=2e-6)
        np.testing.assert_allclose(RowSnake(made)(x)[0].numpy(), expected, atol=2e-6)


@pytest.mark.parametrize("channels", [1, 3, 16])
def test_the_fast_form_in_blocks_is_the_plain_one(channels: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made = activation(channels)
    x = torch.randn(2, channels, 307)
    with torch.inference_mode():
        plain = made(x)
        for step in (3, 50, 290, 300):
            monkeypatch.setattr(rows, "_BLOCK_ELEMENTS", step * channels)
            torch.testing.assert_close(RowSnake(made)(x), plain, atol=3e-6, rtol=0)


def test_the_fast_form_leaves_its_input_alone() -> None:
    x = torch.randn(1, 4, 64)
    before = x.clone()
    with torch.inference_mode():
        RowSnake(activation(4))(x)
    assert torch.equal(x, before)


def test_extreme_parameters_stay_exact() -> None:
    """Divisors from a ten-thousandth to ten thousand."""
    made = activation(9)
    made.act.alpha.data = torch.linspace(-6, 6, 9)
    assert made.act.beta is not None
    made.act.beta.data = torch.linspace(9, -9, 9)
    x = torch.randn(1, 9, 50)
    with torch.inference_mode():
        expected = by_definition(x[0].double().numpy(), made)
        scale = np.abs(expected).max(axis=1, keepdims=True)
        turns = made.act.alpha.exp()[:, None].numpy()  # the sine's argument is rounded in float32 itself
        error = np.abs(RowSnake(made)(x)[0].numpy() - expected) / scale
    assert (error <= 2e-6 * np.maximum(turns, 1)).all()


@pytest.mark.parametrize("bins", [1200, 1400, 1600])
def test_overtones_beyond_the_band_fold_back_less(bins: int) -> None:
    """A snake makes overtones of a tone, and those beyond the Nyquist frequency fold back: half as loud by the filters.

    No more than that: the transition of twelve taps is wide.
    """
    config = BigVganConfig()
    samples = 4096
    tone = torch.cos(2 * torch.pi * bins * torch.arange(samples) / samples)[None, None]

    def folded_level(audio: Tensor) -> float:
        window = torch.hann_window(samples, periodic=False)
        return float(torch.fft.rfft(audio[0, 0] * window)[samples - 2 * bins].abs())

    with torch.inference_mode():
        folded, filtered = folded_level(Snake(1, config)(tone)), folded_level(AntiAliasedSnake(1, config)(tone))
    assert folded > 100
    assert filtered < 0.5 * folded
