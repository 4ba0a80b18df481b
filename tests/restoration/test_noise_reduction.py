"""Noise reduction: noise goes down, speech stays, and what has little noise comes out as it went in."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from signals import Cut
from takes import take, talkers

from vocolab.audio import Audio
from vocolab.bench.dnsmos import dnsmos
from vocolab.errors import OptionError
from vocolab.metrics import pesq_wb
from vocolab.testing.faults import at_snr, babble, coloured, fan, kurtosis_ratio, si_sdr_db, street
from vocolab_restoration.noise_reduction import NoiseReduction
from vocolab_restoration.options import NoiseReductionOptions

RATE_HZ = 16_000
SECONDS = 12.0
LEAST_GAIN_DB = {"stationary": 5.0, "fan": 5.0, "street": 3.0, "babble": 1.0}


def mono(samples: np.ndarray, rate: int = RATE_HZ) -> Audio:
    return Audio.mono(samples.astype(np.float32), rate)


def reduced(audio: Audio, **options: object) -> Audio:
    return NoiseReduction(NoiseReductionOptions(**options))(audio)


@cache
def noise(kind: str) -> np.ndarray:
    n = round(SECONDS * RATE_HZ)
    if kind == "babble":
        return babble(talkers(7, SECONDS, RATE_HZ), n)
    return {"stationary": lambda: coloured(n, RATE_HZ, -3.0, 1), "fan": lambda: fan(n, RATE_HZ, 1),
            "street": lambda: street(n, RATE_HZ, 1)}[kind]()


@cache
def pair(kind: str, snr_db: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Clean, noisy and reduced."""
    clean = take(SECONDS, RATE_HZ, round(snr_db))
    noisy = at_snr(clean, noise(kind), snr_db, RATE_HZ)
    return clean, noisy, reduced(mono(noisy)).samples[0].astype(np.float64)


@pytest.mark.parametrize("kind", LEAST_GAIN_DB)
def test_speech_comes_nearer_to_the_clean(kind: str) -> None:
    clean, noisy, out = pair(kind, 5.0)
    assert si_sdr_db(clean, out) - si_sdr_db(clean, noisy) >= LEAST_GAIN_DB[kind]


@pytest.mark.parametrize("snr_db", [5.0, 10.0, 20.0])
@pytest.mark.parametrize("kind", LEAST_GAIN_DB)
def test_it_never_sounds_worse(kind: str, snr_db: float) -> None:
    clean, noisy, out = pair(kind, snr_db)
    gain = pesq_wb(mono(clean), mono(out)) - pesq_wb(mono(clean), mono(noisy))
    assert gain >= (0.3 if (kind, snr_db) == ("stationary", 10.0) else 0.0)


@pytest.mark.slow
@pytest.mark.parametrize("kind", LEAST_GAIN_DB)
def test_listeners_are_predicted_to_like_it_more(kind: str) -> None:
    """`benchmarks/restoration.py` measures it at other levels too."""
    pytest.importorskip("speechmos", reason="needs the extra `dnsmos`")
    _, noisy, out = pair(kind, 10.0)
    assert dnsmos(mono(out)) > dnsmos(mono(noisy))


def test_noise_alone_goes_down_by_no_more_than_was_asked() -> None:
    given = 0.05 * coloured(6 * RATE_HZ, RATE_HZ, 0.0)
    for asked_db in (6.0, 20.0):
        out = reduced(mono(given), reduction_db=asked_db).samples[0, RATE_HZ:]
        down_db = 10 * np.log10(np.mean(np.square(given[RATE_HZ:])) / np.mean(np.square(out)))
        assert 0.7 * asked_db < down_db < asked_db + 0.1


@pytest.mark.parametrize("kind", ["stationary", "fan"])
def test_what_is_left_of_a_noise_is_no_music(kind: str) -> None:
    alone = 0.05 * noise(kind) / noise(kind).std()
    assert kurtosis_ratio(alone, reduced(mono(alone)).samples[0].astype(np.float64)) < 3.0


@pytest.mark.parametrize("first", range(0, 40, 8))
def test_clean_speech_is_unchanged_bit_by_bit(first: int) -> None:
    clean = mono(take(SECONDS, RATE_HZ, first))
    assert np.array_equal(reduced(clean).samples, clean.samples)


def test_a_named_profile_takes_what_is_in_it() -> None:
    clean = np.concatenate([np.zeros(RATE_HZ), take(8.0, RATE_HZ, 5)])
    noisy = at_snr(clean, coloured(len(clean), RATE_HZ, -3.0, 4), 10.0, RATE_HZ)
    out = reduced(mono(noisy), profile_start_s=0.0, profile_end_s=0.9).samples[0].astype(np.float64)
    assert si_sdr_db(clean, out) - si_sdr_db(clean, noisy) >= 4.0


@pytest.mark.parametrize(("start_s", "end_s"), [(1.0, 0.5), (3.0, 99.0), (9.0, None)])
def test_a_profile_has_to_be_in_the_recording(start_s: float, end_s: float | None) -> None:
    with pytest.raises(OptionError, match="noise profile"):
        reduced(mono(take(4.0)), profile_start_s=start_s, profile_end_s=end_s)


@pytest.mark.parametrize("kind", ["silence", "one second", "half dead stereo", "telephone", "192 kHz"])
def test_what_may_come_is_taken(kind: str) -> None:
    noisy = at_snr(take(3.0), coloured(3 * RATE_HZ, RATE_HZ, 0.0), 10.0, RATE_HZ).astype(np.float32)
    audio = {
        "silence": Audio.mono(np.zeros(2 * RATE_HZ, np.float32), RATE_HZ),
        "one second": mono(noisy[:RATE_HZ]),
        "half dead stereo": Audio(np.stack([noisy, np.zeros_like(noisy)]), RATE_HZ),
        "telephone": mono(noisy).mono_at(8_000),
        "192 kHz": mono(noisy[:RATE_HZ]).mono_at(192_000),
    }[kind]
    out = reduced(audio)
    assert out.samples.shape == audio.samples.shape
    assert np.isfinite(out.samples).all()
    assert kind != "half dead stereo" or not out.samples[1].any()


def test_parts_equal_the_whole() -> None:
    _, noisy, _ = pair("stationary", 10.0)
    audio = mono(noisy[: 4 * RATE_HZ])
    whole = reduced(audio).samples
    for sizes in ([1, 977, 20_000], [333]):
        out = NoiseReduction(NoiseReductionOptions()).run(Cut(audio, sizes))
        assert np.abs(Audio.of(out).samples - whole).max() <= 1e-5
