"""What each effect tells is true: its figures are measured again here, from its output and its input."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.signal import butter, sosfiltfilt
from signals import Cut
from takes import take

import vocolab
from vocolab.audio import Audio
from vocolab.deeds import Deed, Span
from vocolab.testing.fault_events import with_breaths, with_clicks, with_thumps
from vocolab.testing.faults import at_snr, clipped, coloured, hum, in_room, room
from vocolab_restoration.event_log import MOST_SPANS, Event, EventLog

RATE = 16_000
SPEECH = take(20.0, RATE)
OPENED = {"de-reverb": {"idle_t60_s": 0.0}}


def mono(samples: np.ndarray) -> Audio:
    return Audio.mono(samples.astype(np.float32), RATE)


def told(name: str, audio: Audio, **options: object) -> tuple[Audio, Deed]:
    out = vocolab.effect(name, **options)(audio)
    (deed,) = out.deeds
    assert deed.effect == name
    assert all(0 <= span.start_s <= span.end_s <= audio.seconds + 1e-9 for span in deed.spans)
    return out, deed


def part(audio: Audio, span: Span) -> np.ndarray:
    return audio.samples[:, round(span.start_s * RATE) : round(span.end_s * RATE)].astype(np.float64)


def change_db(before: np.ndarray, after: np.ndarray) -> float:
    return float(10 * np.log10(max(np.square(after).sum() / np.square(before).sum(), 1e-12)))


def pauses_dbfs(given: Audio, out: Audio) -> list[float]:
    """The mean level of the quietest tenth of 50 ms, by the input, in both."""
    size = RATE // 20
    powers = [np.square(audio.samples[0, : audio.n_samples // size * size].astype(np.float64)).reshape(-1, size).mean(1)
              for audio in (given, out)]
    quiet = np.argsort(powers[0])[: len(powers[0]) // 10]
    return [float(10 * np.log10(power[quiet].mean())) for power in powers]


def holds(places: list[tuple[int, int]], span: Span) -> bool:
    slack = RATE // 20
    return any(start - slack < span.end_s * RATE and span.start_s * RATE < stop + slack for start, stop in places)


@pytest.mark.parametrize("mix", [1.0, 0.5])
def test_clicks_are_where_it_says_and_as_much_softer(mix: float) -> None:
    clicked, places = with_clicks(SPEECH, RATE, 20.0, seed=2)
    out, deed = told("de-click", mono(clicked), mix=mix)
    assert deed.figures["clicks"] == deed.n_spans == len(deed.spans)
    assert len(deed.spans) > 0.8 * len(places)
    assert np.mean([holds(places, span) for span in deed.spans]) > 0.9
    for span in deed.spans:
        assert span.change_db == pytest.approx(change_db(part(mono(clicked), span), part(out, span)), abs=0.1)
    changed = np.flatnonzero(out.samples[0] != mono(clicked).samples[0]) / RATE
    inside = [any(span.start_s - 1e-6 <= at < span.end_s + 1e-6 for span in deed.spans) for at in changed]
    assert all(inside), "every sample that was changed is in a span"


@pytest.mark.parametrize("mix", [1.0, 0.5])
def test_thumps_are_where_it_says_and_as_much_down_under_100_hz(mix: float) -> None:
    thumped, places = with_thumps(SPEECH, RATE, 6.0, seed=1)
    out, deed = told("de-plosive", mono(thumped), mix=mix)
    low = [mono(sosfiltfilt(butter(4, 75, fs=RATE, output="sos"), samples))
           for samples in (thumped, out.samples[0].astype(np.float64))]
    assert len(deed.spans) >= 0.9 * len(places)
    assert all(holds(places, span) for span in deed.spans)
    for span in deed.spans:
        assert span.change_db == pytest.approx(change_db(*(part(audio, span) for audio in low)), abs=1.5)
    assert float(deed.figures["change_db"] or 0) == pytest.approx(-23.5 if mix == 1 else -5.5, abs=1.0)


def test_breaths_are_where_it_says_and_as_much_down() -> None:
    breathing, places = with_breaths(take(25.0, RATE), RATE, 20.0, seed=1)
    stereo = Audio(np.stack([breathing, -0.5 * breathing]).astype(np.float32), RATE)
    for audio in (mono(breathing), stereo):
        out, deed = told("de-breath", audio, reduction_db=12.0)
        assert len(deed.spans) >= 5 and all(holds(places, span) for span in deed.spans)
        for span in deed.spans:
            assert span.change_db == pytest.approx(change_db(part(audio, span), part(out, span)), abs=0.05)
            assert span.change_db == pytest.approx(-12.0, abs=0.1)


def test_clipping_is_where_it_says_and_peaks_rise_as_much() -> None:
    cut = SPEECH[: 6 * RATE].copy()
    cut[2 * RATE : 4 * RATE] = clipped(cut[2 * RATE : 4 * RATE], 0.03)
    level = np.abs(cut[2 * RATE : 4 * RATE]).max()
    cut = np.clip(cut, -level, level)
    given = mono(cut)
    out, deed = told("de-clip", given)
    changed = np.flatnonzero(out.samples[0] != given.samples[0])
    at_level = np.count_nonzero(np.abs(given.samples[0]) >= level - 1.5 / 32768)
    assert deed.figures["clipped_samples"] == pytest.approx(at_level, rel=1e-3)
    assert at_level >= len(changed) > 0.5 * at_level
    assert deed.figures["level_dbfs"] == pytest.approx(20 * np.log10(level), abs=0.01)
    assert all(any(span.start_s <= at / RATE <= span.end_s for span in deed.spans) for at in changed)
    for span in deed.spans:
        peaks = [np.abs(part(audio, span)).max() for audio in (given, out)]
        assert span.change_db == pytest.approx(20 * np.log10(peaks[1] / peaks[0]), abs=0.1)
    assert deed.figures["peak_gain_db"] == pytest.approx(max(span.change_db for span in deed.spans))


def test_hum_has_the_frequency_and_the_level_that_it_says() -> None:
    lines = at_snr(SPEECH, hum(len(SPEECH), RATE, 50.04, 8), 15.0, RATE) - SPEECH
    given = mono(SPEECH + lines)
    out, deed = told("de-hum", given)
    assert deed.figures["frequency_hz"] == pytest.approx(50.04, abs=0.01)
    assert deed.figures["taken_dbfs"] == pytest.approx(10 * np.log10(np.mean(lines**2)), abs=0.3)
    taken = (given.samples - out.samples).astype(np.float64)
    assert deed.figures["taken_dbfs"] == pytest.approx(10 * np.log10(np.mean(taken**2)), abs=0.01)
    before, after = pauses_dbfs(given, out)
    assert deed.figures["pauses_before_dbfs"] == pytest.approx(before, abs=0.5)
    assert deed.figures["pauses_after_dbfs"] == pytest.approx(after, abs=1.0)  # they were all as loud as the hum
    assert deed.spans == (Span(0.0, 20.0, deed.figures["change_db"]),)


@pytest.mark.parametrize(("name", "mix"), [("noise-reduction", 1.0), ("noise-reduction", 0.5), ("de-reverb", 1.0)])
def test_pauses_are_as_much_softer_as_it_says(name: str, mix: float) -> None:
    noisy = at_snr(SPEECH, coloured(len(SPEECH), RATE, -3.0), 15.0, RATE)
    given = mono(noisy if name == "noise-reduction" else in_room(SPEECH, room(RATE, 0.8, 0.0, 1)))
    out, deed = told(name, given, mix=mix)
    before, after = pauses_dbfs(given, out)
    assert after < before - 3
    assert deed.figures["pauses_before_dbfs"] == pytest.approx(before, abs=0.5)
    assert deed.figures["pauses_after_dbfs"] == pytest.approx(after, abs=0.5)
    (span,) = deed.spans
    assert (span.start_s, span.end_s) == (0.0, given.seconds)
    if name == "de-reverb":
        assert deed.figures["t60_s"] == pytest.approx(0.8, abs=0.2)


def test_bands_change_as_it_says(tmp_path: Path) -> None:
    mono(0.4 * sosfiltfilt(butter(1, 300, "highpass", fs=RATE, output="sos"), take(12.0, RATE, 20))).save(
        tmp_path / "reference.wav")
    given = mono(SPEECH)
    out, deed = told("match", given, reference=str(tmp_path / "reference.wav"))
    for end in ("least", "most"):
        hz = float(deed.figures[f"{end}_gain_hz"])
        band = butter(4, [hz * 10**-0.05, hz * 10**0.05], "bandpass", fs=RATE, output="sos")
        heard = [sosfiltfilt(band, audio.samples[0].astype(np.float64)) for audio in (given, out)]
        assert deed.figures[f"{end}_gain_db"] == pytest.approx(change_db(*heard), abs=0.5)
    assert deed.figures["reference_lufs"] == pytest.approx(vocolab.measure(out).integrated_lufs, abs=0.1)


@pytest.mark.parametrize("name", ["de-clip", "de-hum", "de-click", "de-plosive", "noise-reduction", "de-reverb",
                                  "de-breath"])
@pytest.mark.parametrize("what", ["clean", "silence", "a moment"])
def test_who_finds_nothing_says_so_and_changes_no_sample(name: str, what: str) -> None:
    audio = mono({"clean": take(8.0, RATE, 8), "silence": np.zeros(3 * RATE), "a moment": take(0.4)}[what])
    out, deed = told(name, audio)
    assert deed.is_idle and not deed.spans
    np.testing.assert_array_equal(out.samples, audio.samples)


def test_who_sounds_like_its_reference_says_so(tmp_path: Path) -> None:
    mono(SPEECH).save(tmp_path / "same.wav", bit_depth=32)
    out, deed = told("match", mono(SPEECH), reference=str(tmp_path / "same.wav"))
    assert deed.is_idle and np.array_equal(out.samples, mono(SPEECH).samples)
    assert told("match", mono(np.zeros(RATE)), reference=str(tmp_path / "same.wav"))[1].is_idle


@pytest.mark.parametrize("name", ["de-clip", "de-hum", "de-click", "de-plosive", "noise-reduction", "de-breath"])
def test_it_tells_the_same_however_the_stream_is_cut(name: str) -> None:
    broken, _ = with_clicks(with_thumps(SPEECH[: 8 * RATE], RATE, 6.0)[0], RATE, 20.0)
    broken = at_snr(with_breaths(broken, RATE, 20.0)[0], hum(8 * RATE, RATE), 15.0, RATE)
    if name == "noise-reduction":
        broken = at_snr(broken, coloured(8 * RATE, RATE, -3.0), 12.0, RATE)
    broken = clipped(broken, 0.01) if name == "de-clip" else broken
    _, whole = told(name, mono(broken))
    made = vocolab.effect(name).run(Cut(mono(broken), [1, 977, 20_000, 333]))
    for _ in made.blocks(997):
        pass
    (in_parts,) = made.deeds
    assert (in_parts.is_idle, in_parts.n_spans) == (whole.is_idle, whole.n_spans)
    assert [span.start_s for span in in_parts.spans] == pytest.approx([span.start_s for span in whole.spans])
    numbers = {key: value for key, value in whole.figures.items() if value is not None}
    assert {key: in_parts.figures[key] for key in numbers} == pytest.approx(numbers, abs=0.01)


def test_very_many_events_are_counted_and_the_first_are_kept() -> None:
    log = EventLog(100)
    for start in range(0, 10 * MOST_SPANS * 10, 10):
        log.add([Event(start, start + 3, 1.0, 0.1)])
    assert (log.count, len(log.spans)) == (10 * MOST_SPANS, MOST_SPANS)
    assert log.change_db == pytest.approx(-10.0)


def test_what_touches_is_one_event() -> None:
    log = EventLog(100)
    log.add([Event(50, 60, 1.0, 0.5), Event(10, 20, 1.0, 1.0), Event(15, 30, 1.0, 0.0)])
    log.add([Event(60, 70, 1.0, 0.5)])
    assert [(span.start_s, span.end_s) for span in log.spans] == [(0.1, 0.3), (0.5, 0.7)]
