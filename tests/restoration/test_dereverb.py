"""De-reverb: nearer to the dry voice, and a dry recording comes out as it went in."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from signals import Cut
from takes import take

from vocolab.audio import Audio
from vocolab.metrics import pesq_wb
from vocolab.testing.faults import in_room, room
from vocolab_restoration.decays import read_t60_s
from vocolab_restoration.dereverb import DeReverb
from vocolab_restoration.options import DeReverbOptions

RATE_HZ = 16_000
EARLY_S = 0.03
ROOMS = {0.6: 0.0, 0.9: -2.0}
"""Reverberation time, and the direct sound over all the rest in dB."""


def mono(samples: np.ndarray, rate: int = RATE_HZ) -> Audio:
    return Audio.mono(samples.astype(np.float32), rate)


def dried(audio: Audio, **options: object) -> Audio:
    return DeReverb(DeReverbOptions(**options))(audio)


@cache
def recorded(t60_s: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Dry, with the early reflections alone, in the room, and out of the effect."""
    dry = take(12.0, RATE_HZ, round(10 * t60_s))
    response = room(RATE_HZ, t60_s, ROOMS[t60_s], 1)
    early = in_room(dry, response[: round(EARLY_S * RATE_HZ)])
    heard = in_room(dry, response)
    return dry, early, heard, dried(mono(heard)).samples[0].astype(np.float64)


def srr_db(early: np.ndarray, heard: np.ndarray) -> float:
    """Speech with its first 30 ms of reflections over everything else."""
    scaled = early * (early @ heard) / (early @ early)
    return float(10 * np.log10(np.sum(np.square(scaled)) / np.sum(np.square(heard - scaled))))


@pytest.mark.parametrize("t60_s", ROOMS)
def test_speech_over_reverberation_gains_3_db(t60_s: float) -> None:
    _, early, heard, out = recorded(t60_s)
    assert srr_db(early, out) - srr_db(early, heard) >= 3.0


@pytest.mark.parametrize("t60_s", ROOMS)
def test_it_sounds_better(t60_s: float) -> None:
    dry, _, heard, out = recorded(t60_s)
    assert pesq_wb(mono(dry), mono(out)) >= pesq_wb(mono(dry), mono(heard)) + 0.1


@pytest.mark.slow
def test_a_room_that_pyroomacoustics_simulates_is_dried() -> None:
    """By image sources, two metres from the microphone."""
    rooms = pytest.importorskip("pyroomacoustics")
    size_m = [6.0, 4.5, 2.8]
    absorption, max_order = rooms.inverse_sabine(0.6, size_m)
    box = rooms.ShoeBox(size_m, fs=RATE_HZ, materials=rooms.Material(absorption), max_order=max_order)
    box.add_source([1.5, 1.5, 1.5])
    box.add_microphone([3.3, 2.6, 1.3])
    box.compute_rir()
    response = np.asarray(box.rir[0][0])
    response = response[int(np.abs(response).argmax()) :] / np.abs(response).max()
    dry = take(12.0, RATE_HZ, 6)
    early, heard = in_room(dry, response[: round(EARLY_S * RATE_HZ)]), in_room(dry, response)
    out = dried(mono(heard)).samples[0].astype(np.float64)
    assert srr_db(early, out) - srr_db(early, heard) >= 3.0
    assert pesq_wb(mono(dry), mono(out)) > pesq_wb(mono(dry), mono(heard)) + 0.1


@pytest.mark.parametrize("first", range(0, 40, 8))
def test_dry_speech_is_unchanged_bit_by_bit(first: int) -> None:
    dry = mono(take(12.0, RATE_HZ, first))
    assert np.array_equal(dried(dry).samples, dry.samples)


def test_a_room_of_600_ms_is_told_from_a_dry_one() -> None:
    for first in range(0, 40, 5):
        dry = take(8.0, RATE_HZ, first)
        told = read_t60_s(mono(in_room(dry, room(RATE_HZ, 0.6, 0.0, first))))
        assert told is not None and 0.45 < told < 0.75
        dry_s = read_t60_s(mono(dry))
        assert dry_s is None or dry_s < 0.35


@pytest.mark.parametrize("kind", ["silence", "one second", "half dead stereo", "telephone", "44.1 kHz", "192 kHz"])
def test_what_may_come_is_taken(kind: str) -> None:
    heard = in_room(take(3.0), room(RATE_HZ, 0.8)).astype(np.float32)
    audio = {
        "silence": Audio.mono(np.zeros(3 * RATE_HZ, np.float32), RATE_HZ),
        "one second": mono(heard[:RATE_HZ]),
        "half dead stereo": Audio(np.stack([heard, np.zeros_like(heard)]), RATE_HZ),
        "telephone": mono(heard).mono_at(8_000),
        "44.1 kHz": mono(heard).mono_at(44_100),
        "192 kHz": mono(heard[: 5 * RATE_HZ // 2]).mono_at(192_000),
    }[kind]
    out = dried(audio, idle_t60_s=0.0)
    assert out.samples.shape == audio.samples.shape
    assert np.isfinite(out.samples).all()
    assert kind != "half dead stereo" or not out.samples[1].any()


def test_parts_equal_the_whole() -> None:
    audio = mono(recorded(0.6)[2][: 4 * RATE_HZ])
    effect = DeReverb(DeReverbOptions(idle_t60_s=0.0))
    whole = effect(audio).samples
    assert not np.array_equal(whole, audio.samples)
    for sizes in ([1, 977, 20_000], [333]):
        assert np.abs(Audio.of(effect.run(Cut(audio, sizes))).samples - whole).max() <= 1e-5
