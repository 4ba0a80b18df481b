from __future__ import annotations

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab_mastering.fade import Fade
from vocolab_mastering.options_edit import FadeOptions

RATE = 1_000  # a sample a millisecond


def gain(n_samples: int = 1_000, **options: object) -> np.ndarray:
    return Fade(FadeOptions(**options))(Audio(np.ones((1, n_samples), np.float32), RATE)).samples[0]


@pytest.mark.parametrize(
    ("shape", "quarter", "half"),
    [("linear", 0.25, 0.5), ("cosine", 0.5 - 0.5 * np.sqrt(0.5), 0.5), ("sine", np.sin(np.pi / 8), np.sqrt(0.5))],
)
def test_shapes(shape, quarter, half):
    found = gain(in_ms=100.0, out_ms=200.0, shape=shape)
    for position, expected in ((0, 0.0), (25, quarter), (50, half), (100, 1.0)):
        assert found[position] == pytest.approx(expected, abs=1e-6)
    for from_end, expected in ((0, 0.0), (50, quarter), (100, half), (200, 1.0)):
        assert found[-1 - from_end] == pytest.approx(expected, abs=1e-6)
    assert (np.diff(found[:101]) > 0).all()
    assert (np.diff(found[-201:]) < 0).all()


def test_between_the_fades_no_bit_changes():
    audio = Audio(np.random.default_rng(0).standard_normal((2, 1_000)), RATE)
    faded = Fade(FadeOptions(in_ms=100.0, out_ms=200.0))(audio).samples
    np.testing.assert_array_equal(faded[:, 100:800], audio.samples[:, 100:800])


def test_no_fades_change_no_bit():
    audio = Audio(np.random.default_rng(0).standard_normal((2, 1_000)), RATE)
    np.testing.assert_array_equal(Fade(FadeOptions(in_ms=0.0, out_ms=0.0))(audio).samples, audio.samples)


def test_fades_longer_than_the_signal_multiply():
    found = gain(101, in_ms=200.0, out_ms=200.0, shape="linear")
    way = np.arange(101) / 200
    np.testing.assert_allclose(found, way * way[::-1], atol=1e-6)


def test_mix_blends():
    np.testing.assert_allclose(gain(in_ms=100.0, mix=0.5), 0.5 + 0.5 * gain(in_ms=100.0), atol=1e-6)
