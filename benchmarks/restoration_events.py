"""How well the effects for events, `match` and `vocolab mix` do, measured on faults that are made here.

    python benchmarks/restoration_events.py [--seconds 60]

Speech is natural where ../shared is, else spoken by the voices inside; the faults are those of `vocolab.testing`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy.signal import butter, sosfiltfilt

# In the place of this folder, whose restoration.py would be taken for the tests' folder of that name.
sys.path[0] = str(Path(__file__).resolve().parents[1] / "tests")

from mixing.conversation import RATE as MIX_RATE  # noqa: E402
from mixing.conversation import conversation  # noqa: E402
from restoration.takes import take  # noqa: E402

from vocolab.audio import Audio  # noqa: E402
from vocolab.loudness.integrated import integrated_lufs  # noqa: E402
from vocolab.metrics import pesq_wb  # noqa: E402
from vocolab.mixing.levels import frame_samples  # noqa: E402
from vocolab.mixing.mix import Mix, Mixing, _gains  # noqa: E402
from vocolab.mixing.tracks import Track  # noqa: E402
from vocolab.testing.fault_events import with_breaths, with_clicks, with_thumps  # noqa: E402
from vocolab_restoration.clicks import ClickFinder  # noqa: E402
from vocolab_restoration.debreath import DeBreath  # noqa: E402
from vocolab_restoration.declick import DeClick  # noqa: E402
from vocolab_restoration.deplosive import DePlosive  # noqa: E402
from vocolab_restoration.match import Match, sounding  # noqa: E402
from vocolab_restoration.options_events import DeBreathOptions, DeClickOptions, DePlosiveOptions, MatchOptions  # noqa: E402
from vocolab_restoration.third_octaves import band_centres_hz  # noqa: E402

Row = tuple[str, str, str]
RATE = 22_050
_CLICK_RATES = (16_000, 22_050, 48_000)


def events_rows(seconds: float) -> Iterator[Row]:
    """What is measured, the figure, and what it is held to."""
    clean = take(seconds, RATE)
    yield from _clicks(seconds)
    yield from _thumps(clean)
    yield from _breaths(clean)
    yield from _matching(seconds)
    yield from _mixing(min(seconds, 60.0))
    for name, effect in _effects().items():
        yield f"{name}: clean speech, PESQ", f"{_pesq(effect):.2f}", "at least 4.4"
        yield f"{name}: speed at 48 kHz, mono", f"{_speed(effect):.0f} x real time", "over 20"


def _effects() -> dict[str, Callable[[Audio], Audio]]:
    return {
        "de-click": DeClick(DeClickOptions()), "de-plosive": DePlosive(DePlosiveOptions()),
        "de-breath": DeBreath(DeBreathOptions()),
    }


def _clicks(seconds: float) -> Iterator[Row]:
    hits: dict[float, list[bool]] = {}
    n_false = 0
    for rate in _CLICK_RATES:
        clean = take(seconds, rate)
        false = len(_found(clean, rate))
        n_false += false
        yield f"de-click: false finds in 10 s, {rate} Hz", f"{false * 10 / seconds:.2f}", "under 1"
        for over_db in (10.0, 15.0, 20.0):
            clicked, places = with_clicks(clean, rate, over_db, seed=1)
            spans, slack = _found(clicked, rate), rate // 1000
            here = [any(start < b + slack and stop > a - slack for start, stop in spans) for a, b in places]
            hits.setdefault(over_db, []).extend(here)
            yield (f"de-click: found, {over_db:g} dB over the local level, {rate} Hz",
                   f"{np.mean(here):.1%} of {len(here)}", "reported")
    for over_db, all_of_them in hits.items():
        yield (f"de-click: found, {over_db:g} dB over the local level, all rates",
               f"{np.mean(all_of_them):.1%} of {len(all_of_them)}", "95 %" if over_db >= 15 else "reported")
    false_in_10_s = n_false * 10 / (seconds * len(_CLICK_RATES))
    yield "de-click: false finds in 10 s, all rates", f"{false_in_10_s:.2f}", "under 1"


def _found(samples: np.ndarray, sample_rate: int) -> list[tuple[int, int]]:
    finder = ClickFinder(sample_rate, DeClickOptions().threshold, DeClickOptions().longest_ms)
    clicks = finder.find(np.pad(samples, (finder.margin, finder.margin + finder.grid.hop)))
    return [(click.start - finder.margin, click.stop - finder.margin) for click in clicks]


def _thumps(clean: np.ndarray) -> Iterator[Row]:
    thumped, places = with_thumps(clean, RATE, 6.0, seed=1)
    after = DePlosive(DePlosiveOptions())(Audio.mono(thumped, RATE)).samples[0]
    low = butter(4, 80, fs=RATE, output="sos")
    before, left = sosfiltfilt(low, thumped - clean), sosfiltfilt(low, after - clean)
    down_db = np.array([10 * np.log10(np.sum(before[a:b] ** 2) / np.sum(left[a:b] ** 2)) for a, b in places])
    yield "de-plosive: thumps 12 dB down under 80 Hz", f"{np.mean(down_db >= 12):.1%} of {len(places)}", "all"
    yield "de-plosive: median reduction under 80 Hz", f"{np.median(down_db):.1f} dB", "12 dB"
    changed = DePlosive(DePlosiveOptions())(Audio.mono(clean, RATE)).samples[0] != np.float32(clean)
    yield "de-plosive: samples of clean speech changed", f"{np.mean(changed):.3%}", "0"


def _breaths(clean: np.ndarray) -> Iterator[Row]:
    for under_db in (20.0, 30.0):
        breathing, places = with_breaths(clean, RATE, under_db, seed=1)
        after = DeBreath(DeBreathOptions())(Audio.mono(breathing, RATE)).samples[0]
        change_db = np.array([10 * np.log10(np.mean(after[a:b] ** 2) / np.mean(breathing[a:b] ** 2))
                              for a, b in places])
        words = clean != 0
        for start, stop in places:
            words[start:stop] = False
        found = change_db[change_db < -9]
        yield (f"de-breath: breaths {under_db:g} dB under speech, median change", f"{np.median(found):.1f} dB "
               f"({len(found) / len(places):.0%} of {len(places)} found)", "-10 dB")
        yield "de-breath: samples of words changed", f"{np.mean((after != np.float32(breathing))[words]):.3%}", "0"


def _matching(seconds: float) -> Iterator[Row]:
    given, other = take(seconds / 2, RATE), take(seconds / 2, RATE, 20)
    other = 0.4 * (other + sosfiltfilt(butter(1, 2_500, "highpass", fs=RATE, output="sos"), other))
    with TemporaryDirectory() as folder:
        path = f"{folder}/reference.wav"
        Audio.mono(other, RATE).save(path, bit_depth=32)
        effect = Match(MatchOptions(reference=path, max_gain_db=24.0, max_slope_db_per_octave=48.0))
        ours, theirs = sounding(effect(Audio.mono(given, RATE))), sounding(Audio.mono(other, RATE))
        times = _speed(effect)
    assert ours is not None and theirs is not None
    centres_hz = band_centres_hz(RATE)
    spoken = centres_hz > 90
    differences_db = (ours.levels_db(centres_hz) - theirs.levels_db(centres_hz))[spoken]
    yield "match: greatest third-octave difference", f"{np.abs(differences_db).max():.2f} dB", "at most 1 dB"
    yield "match: loudness", f"{ours.lufs - theirs.lufs:+.2f} LU", "reported"
    yield "match: speed at 48 kHz, mono", f"{times:.0f} x real time", "over 20"


def _mixing(seconds: float) -> Iterator[Row]:
    talk = conversation(seconds)
    tracks = [Track(name, Audio.mono(samples, MIX_RATE)) for name, samples in zip("ab", talk.microphones, strict=True)]
    started = time.process_time()
    made = Mix(tracks, Mixing())
    out = Audio.of(made)
    elapsed_s = time.process_time() - started
    gains = np.stack([_gains(curve, frame_samples(MIX_RATE), 0, made.n_samples) for curve in made._curves])
    gains /= gains.max(axis=1, keepdims=True)
    before, left, cut, heard = 0.0, 0.0, 0, {0: [], 1: []}
    for who, start, stop in talk.turns:
        turn, said = slice(start, stop), talk.voices[who, start:stop]
        before += np.sum(talk.leaks[1 - who, turn] ** 2)
        left += np.sum((talk.leaks[1 - who, turn] * gains[1 - who, turn]) ** 2)
        cut += int(np.sum((said**2 > 1e-3 * np.max(said**2)) & (gains[who, turn] < 0.9)))
        heard[who].append(out.samples[:, turn])
    loud = [integrated_lufs(Audio(np.concatenate(parts, axis=1), MIX_RATE)) or 0.0 for parts in heard.values()]
    yield "mix: crosstalk", f"{10 * np.log10(left / before):.1f} dB", "-15 dB"
    yield "mix: samples of words turned down (within 30 dB of their peak)", str(cut), "0"
    yield "mix: loudness from speaker to speaker", f"{abs(loud[0] - loud[1]):.2f} LU", "within 1 LU"
    yield "mix: speed, two tracks at 16 kHz", f"{seconds / elapsed_s:.0f} x real time", "over 20"


def _pesq(effect: Callable[[Audio], Audio]) -> float:
    audio = Audio.mono(take(8.0, 16_000), 16_000)
    return pesq_wb(audio, effect(audio))


def _speed(effect: Callable[[Audio], Audio]) -> float:
    audio = Audio.mono(take(30.0, 48_000), 48_000)
    started = time.process_time()
    effect(audio)
    return audio.seconds / (time.process_time() - started)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="how much speech")
    print("| what | measured | held to |\n|---|---|---|")
    for what, figure, wanted in events_rows(parser.parse_args().seconds):
        print(f"| {what} | {figure} | {wanted} |", flush=True)
