"""Effects are faster than real time by what is promised, in CPU seconds of one thread."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest
from takes import take

import vocolab
from vocolab.audio import Audio
from vocolab.testing.fault_events import with_breaths, with_clicks, with_thumps
from vocolab.testing.faults import at_snr, coloured, hum, in_room, room

RATE = 48_000
SECONDS = 10.0
LEAST = {"de-hum": 20, "de-click": 20, "de-plosive": 20, "de-breath": 20, "match": 20, "noise-reduction": 8,
         "de-reverb": 8}
"""Times real time. Clipped stretches are restored at about real time."""


def faulty(name: str) -> np.ndarray:
    speech = take(SECONDS, 16_000)
    made = {
        "de-hum": lambda: at_snr(speech, hum(len(speech), 16_000, 50.0, 20), 10.0, 16_000),
        "de-click": lambda: with_clicks(speech, 16_000, 20.0)[0],
        "de-plosive": lambda: with_thumps(speech, 16_000, 6.0)[0],
        "de-breath": lambda: with_breaths(speech, 16_000, 20.0)[0],
        "match": lambda: speech,
        "noise-reduction": lambda: at_snr(speech, coloured(len(speech), 16_000, -3.0), 10.0, 16_000),
        "de-reverb": lambda: in_room(speech, room(16_000, 0.8)),
    }
    return made[name]()


@pytest.mark.slow
@pytest.mark.skipif(os.getloadavg()[0] > 2 * (os.cpu_count() or 1), reason="the machine does much else")
@pytest.mark.parametrize("name", LEAST)
def test_each_is_as_fast_as_is_promised(name: str, tmp_path: Path) -> None:
    audio = Audio.mono(faulty(name).astype(np.float32), 16_000).mono_at(RATE)
    settings = {}
    if name == "match":
        settings["reference"] = str(tmp_path / "other.wav")
        Audio.mono(0.3 * np.diff(take(4.0, 16_000, 30)), 16_000).save(settings["reference"])
    effect = vocolab.effect(name, **settings)
    effect(Audio(audio.samples[:, : 3 * RATE], RATE))  # what is imported and made once is none of it
    spent_s = float("inf")
    for _ in range(3):
        start_s = time.process_time()
        out = effect(audio)
        spent_s = min(spent_s, time.process_time() - start_s)
        assert not out.deeds[0].is_idle
        if audio.seconds / spent_s >= LEAST[name]:
            return
    assert audio.seconds / spent_s >= LEAST[name]
