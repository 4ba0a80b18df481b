"""What the detectors say of faults that were made here, and that they agree with the effects of restore-speech."""

from __future__ import annotations

import numpy as np
import pytest
from recordings import FAULTS, Recording, natural, synthetic
from takes import take

from vocolab.audio import Audio
from vocolab.catalog import Catalog
from vocolab.findings import Finding
from vocolab.options import option_problems
from vocolab.signals import BLOCK_SAMPLES
from vocolab.testing.fault_events import with_breaths, with_clicks, with_thumps
from vocolab.testing.faults import at_snr, babble, clipped, coloured, fan, hum, in_room, room

RATE_HZ = 16_000
SECONDS = 16.0
CATALOG = Catalog.installed()


def found(detector: str, samples: np.ndarray, sample_rate: int = RATE_HZ) -> Finding:
    """The one finding of a detector."""
    listening = CATALOG.detectors.create(detector, sample_rate, 1)
    block = samples.astype(np.float32)[None]
    for start in range(0, block.shape[1], BLOCK_SAMPLES):
        listening.accept(block[:, start : start + BLOCK_SAMPLES])
    (finding,) = listening.findings()
    return finding


def speech(first: int = 0) -> np.ndarray:
    return take(SECONDS, RATE_HZ, first)


def noisy(noise: np.ndarray, snr_db: float) -> np.ndarray:
    return at_snr(speech(), noise, snr_db, RATE_HZ)


N = round(SECONDS * RATE_HZ)
FAULTY = {
    "hum": lambda: noisy(hum(N, RATE_HZ, 60.05, 8), 25.0),
    "clipping": lambda: clipped(speech(), 0.002),
    "clicks": lambda: with_clicks(speech(), RATE_HZ, 15.0, per_s=1.0, seed=3)[0],
    "plosives": lambda: with_thumps(speech(), RATE_HZ, 6.0, seed=3)[0],
    "noise": lambda: noisy(coloured(N, RATE_HZ, -3.0), 20.0),
    "reverberation": lambda: in_room(speech(), room(RATE_HZ, 0.6)),
}
EFFECTS = {"hum": "de-hum", "clipping": "de-clip", "clicks": "de-click", "plosives": "de-plosive",
           "noise": "noise-reduction", "reverberation": "de-reverb"}
"""Those of restore-speech."""


@pytest.mark.parametrize("detector", EFFECTS)
def test_what_it_calls_clean_the_effect_leaves_alone_and_what_it_calls_faulty_the_effect_repairs(detector: str) -> None:
    settings = {"de-click": {"threshold": 13.0}}.get(EFFECTS[detector], {})
    effect = CATALOG.effects.create(EFFECTS[detector], settings)
    for samples, is_faulty in ((speech(), False), (FAULTY[detector](), True)):
        audio = Audio.mono(samples.astype(np.float32), RATE_HZ)
        finding = found(detector, samples)
        assert finding.is_fault == is_faulty, finding.sentence
        assert np.array_equal(effect(audio).samples, audio.samples) != is_faulty


@pytest.mark.parametrize("detector", EFFECTS)
def test_it_names_the_effect_that_helps_with_settings_that_this_takes(detector: str) -> None:
    (remedy,) = found(detector, FAULTY[detector]()).remedies
    assert remedy.effect == EFFECTS[detector]
    assert not list(option_problems(CATALOG.effects.get(remedy.effect).spec.options, dict(remedy.settings)))


def test_hum_is_told_with_frequency_level_and_harmonics() -> None:
    figures = found("hum", FAULTY["hum"]()).figures
    assert figures["hum_frequency_hz"] == pytest.approx(60.05, abs=0.02)
    assert figures["hum_under_speech_db"] == pytest.approx(25.0, abs=1.5)
    assert 4 <= figures["hum_harmonics"] <= 7


def test_clipping_is_told_with_share_level_and_places() -> None:
    samples = FAULTY["clipping"]()
    finding = found("clipping", samples)
    level = np.abs(samples).max()
    assert finding.figures["clipped_percent"] == pytest.approx(0.2, rel=0.15)
    assert finding.figures["clipping_level_dbfs"] == pytest.approx(20 * np.log10(level), abs=0.1)
    inside = np.zeros(len(samples), bool)
    for mark in finding.marks:
        inside[round(mark.start_s * RATE_HZ) : round(mark.end_s * RATE_HZ)] = True
    assert inside[np.abs(samples) >= level - 1e-6].mean() > 0.95
    assert inside.mean() < 0.5


def test_clicks_are_counted_where_they_are() -> None:
    clicked, places = with_clicks(speech(), RATE_HZ, 15.0, per_s=1.0, seed=3)
    finding = found("clicks", clicked)
    assert finding.figures["clicks"] == pytest.approx(len(places), rel=0.15)
    near = [min(abs(mark.start_s - start / RATE_HZ) for start, _ in places) < 0.005 for mark in finding.marks]
    assert np.mean(near) > 0.9


def test_thumps_are_counted() -> None:
    thumped, places = with_thumps(speech(), RATE_HZ, 6.0, seed=3)
    assert found("plosives", thumped).figures["plosives"] == pytest.approx(len(places), rel=0.15)


@pytest.mark.parametrize(("under_db", "is_fault"), [(20.0, True), (30.0, False)])
def test_breaths_are_a_fault_only_where_they_are_loud(under_db: float, is_fault: bool) -> None:
    breathing, places = with_breaths(speech(), RATE_HZ, under_db, seed=1)
    finding = found("breaths", breathing)
    assert finding.is_fault == is_fault
    assert finding.figures["breaths_under_speech_db"] == pytest.approx(under_db, abs=4.0)
    assert 0.5 * len(places) <= finding.figures["breaths"] <= len(places) + 1


@pytest.mark.parametrize(("t60_s", "slack_s"), [(0.6, 0.1), (0.9, 0.2)])
def test_a_room_is_told_by_its_reverberation_time(t60_s: float, slack_s: float) -> None:
    figures = found("reverberation", in_room(speech(), room(RATE_HZ, t60_s))).figures
    assert figures["t60_s"] == pytest.approx(t60_s, abs=slack_s)


@pytest.mark.parametrize(("kind", "noise"), [
    ("hiss", lambda: coloured(N, RATE_HZ, 0.0)),
    ("pink", lambda: coloured(N, RATE_HZ, -3.0)),
    ("low", lambda: fan(N, RATE_HZ)),
    ("unsteady", lambda: babble([speech(11 * k) for k in range(1, 6)], N)),
])
def test_noise_is_told_with_its_kind_and_its_level(kind: str, noise: object) -> None:
    figures = found("noise", noisy(noise(), 20.0)).figures
    assert figures["noise_kind"] == kind
    assert figures["snr_db"] == pytest.approx(20.0, abs=4.0)


@pytest.mark.parametrize("under_db", [0.0, 10.0, 25.0])
@pytest.mark.parametrize("rate_hz", [8_000, 22_050])
def test_hum_is_not_noise(rate_hz: int, under_db: float) -> None:
    clean = take(SECONDS, rate_hz)
    humming = at_snr(clean, hum(len(clean), rate_hz, 59.97, 20, drift_hz=0.02), under_db, rate_hz)
    assert found("hum", humming, rate_hz).is_fault
    assert not found("noise", humming, rate_hz).is_fault


def test_noise_beside_hum_is_told_as_it_is_without() -> None:
    hissing = noisy(coloured(N, RATE_HZ, -3.0), 20.0)
    both = at_snr(hissing, hum(N, RATE_HZ, 50.0, 15), 10.0, RATE_HZ)
    alone, beside = found("noise", hissing), found("noise", both)
    assert beside.is_fault and beside.figures["noise_kind"] == alone.figures["noise_kind"] == "pink"
    assert beside.figures["noise_floor_dbfs"] == pytest.approx(alone.figures["noise_floor_dbfs"], abs=1.0)


def test_steady_noise_is_a_fault_further_down_than_what_may_be_speech() -> None:
    """In the quiet tenth of speech in a quiet room there are words that die away: it varies more than a noise does."""
    still = noisy(coloured(N, RATE_HZ, -3.0), 29.0)
    assert found("noise", still).is_fault and found("noise", still).figures["snr_db"] > 27.5
    audio = Audio.mono(still.astype(np.float32), RATE_HZ)
    assert not np.array_equal(CATALOG.effects.create("noise-reduction", {})(audio).samples, audio.samples)


def test_noise_is_heard_in_speech_without_a_pause() -> None:
    """The same noise, whether or not there are pauses: the quiet moments of speech are not taken for it."""
    dense = speech()[np.abs(speech()) > 0]
    noise = coloured(len(dense), RATE_HZ, 0.0)
    assert found("noise", at_snr(dense, noise, 25.0, RATE_HZ)).figures["snr_db"] == pytest.approx(25.0, abs=2.5)
    assert not found("noise", dense).is_fault


def missed_in(recordings: list[Recording]) -> list[str]:
    return [f"{recording.name}: {fault}" for recording in recordings for fault, (detector, add) in FAULTS.items()
            if not found(detector, add(recording), recording.sample_rate).is_fault]


def faults_of(recordings: list[Recording]) -> list[str]:
    return [f"{recording.name}: {detector}" for recording in recordings for detector in (*EFFECTS, "breaths")
            if found(detector, recording.samples, recording.sample_rate).is_fault]


@pytest.mark.slow
def test_faults_are_found_in_rendered_speech_and_no_others() -> None:
    recordings = list(synthetic(30.0, 2))
    assert missed_in(recordings) == []
    assert faults_of(recordings) == []


@pytest.mark.slow
def test_faults_are_found_in_natural_speech_and_no_others(shared: object) -> None:
    """`benchmarks/diagnosis.py` measures many more; those of volunteers at home have faults of their own."""
    studio, homes = (list(natural(30.0, 3, corpora)) for corpora in (("lj", "kathleen"), ("speakers",)))
    assert len(missed_in(studio + homes)) <= 0.05 * len(FAULTS) * len(studio + homes)
    assert faults_of(studio) == []
