from __future__ import annotations

import sys

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.catalog import Catalog
from vocolab.errors import DependencyMissing
from vocolab.plugins.host import PluginHost
from vocolab_mastering.options_tone import ReverbOptions
from vocolab_mastering.reverb import Reverb

RATE = 48_000


def impulse(channels: int = 2, seconds: float = 3.0, rate: int = RATE) -> Audio:
    samples = np.zeros((channels, round(seconds * rate)), np.float32)
    samples[:, 500] = 1
    return Audio(samples, rate)


def room(audio: Audio, **options: float) -> np.ndarray:
    return Reverb(ReverbOptions(**{"mix": 1.0, **options}))(audio).samples.astype(np.float64)


def decay_s(response: np.ndarray, rate: int = RATE) -> float:
    """RT60 from the fall between 5 and 35 dB of the energy still to come (M. R. Schroeder, JASA 37, 1965)."""
    to_come = np.cumsum((response**2).sum(axis=0)[::-1])[::-1]
    fallen_db = 10 * np.log10(to_come / to_come[0] + 1e-15)
    return 2 * float(np.argmax(fallen_db < -35) - np.argmax(fallen_db < -5)) / rate


@pytest.mark.parametrize("rate", [8_000, 44_100, 192_000])
def test_nothing_sounds_before_the_first_echo_at_25_ms(rate):
    response = np.abs(room(impulse(2, 0.5, rate)))
    first = int(np.argmax(response.max(axis=0) > 0))
    assert (first - 500) / rate == pytest.approx(0.0253, abs=0.001)


def test_the_direct_sound_stays_in_place_when_blended():
    audio = impulse()
    blended = Reverb(ReverbOptions(mix=0.25))(audio).samples
    assert blended[0, 500] == pytest.approx(0.75)
    assert not blended[:, :500].any()


def test_larger_rooms_ring_longer():
    times = [decay_s(room(impulse(), room_size=size)) for size in (0.0, 0.4, 0.8)]
    assert 0.3 < times[0] < times[1] < times[2] < 4


def test_damping_takes_the_highs():
    def highs(damping: float) -> float:
        late = room(impulse(), damping=damping)[0, RATE // 2 :]
        spectrum = np.abs(np.fft.rfft(late)) ** 2
        return float(spectrum[len(spectrum) // 4 :].sum() / spectrum.sum())

    assert highs(0.9) < 0.1 * highs(0.0)


def test_width_nothing_is_the_same_on_both_sides():
    left, right = room(impulse(), width=0.0)
    np.testing.assert_allclose(left, right, atol=1e-6)
    left, right = room(impulse(), width=1.0)
    assert np.abs(left - right).max() > 0.01


def test_the_room_alone_is_about_as_loud_as_the_sound():
    noise = Audio(0.1 * np.random.default_rng(0).standard_normal((2, 4 * RATE)), RATE)
    level_db = 20 * np.log10(room(noise, room_size=0.5)[:, RATE:].std() / noise.samples.std())
    assert -3 < level_db < 3


def test_each_of_many_channels_has_a_mono_room():
    many = Audio(np.random.default_rng(0).standard_normal((3, 5_000)).astype(np.float32), RATE)
    result = room(many)
    for index in range(3):
        np.testing.assert_allclose(result[index], room(Audio(many.samples[index : index + 1], RATE))[0], atol=1e-6)


def test_without_pedalboard_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pedalboard", None)
    monkeypatch.delitem(sys.modules, "vocolab_mastering.reverb")
    monkeypatch.delitem(sys.modules, "vocolab_mastering.vst3", raising=False)
    catalog = Catalog(PluginHost(allow=frozenset()))
    for name in ("reverb", "vst3"):
        with pytest.raises(DependencyMissing, match=r"needs 'pedalboard'.* pip install 'vocolab\[pedalboard\]'"):
            catalog.effects.create(name)
