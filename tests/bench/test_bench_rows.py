"""Rows of a measurement: which there are, what they mean, and what a second speaker says."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.bench import measures, quality
from vocolab.bench.clips import all_clips, validation_clips
from vocolab.bench.quality import Row, measure_quality
from vocolab.bench.results import Results, SpeakerResult
from vocolab.bench.subjects import Subject, choose
from vocolab.catalog import Catalog
from vocolab.crews.processes import Processes
from vocolab.errors import AudioError, CorpusError, NoVoice, UnknownName
from vocolab.mels.conventions import convention
from vocolab.voice import Voice

CATALOG = Catalog.installed(no_plugins=True)
SPEC = convention("hifigan-22k")


def recordings(folder: Path, clips: int = 3, held_out: int = 2) -> Path:
    """Voiced syllables, for which no spectral measure is degenerate."""
    (folder / "wavs").mkdir(parents=True)
    time_s = np.arange(24_000) / 24_000
    for index in range(clips):
        voice = sum(np.sin(2 * np.pi * (140 + 10 * index) * k * time_s) / k for k in range(1, 30))
        noise = np.random.default_rng(index).standard_normal(time_s.size)
        samples = 0.1 * (time_s % 0.3 < 0.2) * voice + 1e-3 * noise
        Audio.mono(samples, 24_000).save(folder / "wavs" / f"c{index}.wav", bit_depth=16)
    (folder / "metadata.csv").write_text("".join(f"c{index}|Text {index}\n" for index in range(clips)))
    (folder / "validation.txt").write_text("".join(f"c{index}\n" for index in range(held_out)))
    return folder


def voice_copy(path: Path, provenance: dict[str, object], recommended: dict[str, object] | None = None) -> str:
    name = CATALOG.voices.ranked()[0].name
    voice = CATALOG.voices.load(name)
    replace(voice, provenance=provenance, recommended=recommended or {}).save(path)
    return str(path)


class Halved:
    """A renderer that gives the recording at half its level, instead of rendering."""

    mel_spec = SPEC

    def __init__(self, recording: Audio) -> None:
        self.recording = recording

    def __call__(self, mel: object) -> Audio:
        return Audio(0.5 * self.recording.mono_at(SPEC.sample_rate).samples, SPEC.sample_rate)


def test_a_known_change_gives_known_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "MEASURES", {"gain": lambda a, b: float(np.ptp(b.samples) / np.ptp(a.samples))})
    clips = validation_clips(recordings(tmp_path / "c"))
    monkeypatch.setattr(Subject, "open", lambda self, catalog: Halved(Audio.load(clips[0])))
    top, row = measure_quality(CATALOG, [Subject("halved", "half")], clips[:1])
    assert top.figures == {"gain": 1.0}
    assert row.figures["gain"] == pytest.approx(0.5)
    # Every band falls by ln 2, but where the floor of the convention holds.
    assert row.figures["mel_l1"] == pytest.approx(np.log(2), abs=0.02)
    assert row.figures["top_db"] == pytest.approx(-6.02, abs=0.01)
    assert len(row.bands_db) == 20
    assert all(value == pytest.approx(-6.02, abs=0.01) for value in row.bands_db.values())
    assert row.worst_band is not None and row.worst_band[1] == pytest.approx(-6.02, abs=0.01)


def test_bands_that_a_recording_lacks_are_not_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One recording at 24 kHz and one at 12 kHz, which has no 6.3 kHz band and nothing above the mel."""
    monkeypatch.setattr(measures, "MEASURES", {})
    clips = validation_clips(recordings(tmp_path / "c"))
    Audio.load(clips[1]).mono_at(12_000).save(clips[1], bit_depth=16)
    monkeypatch.setattr(Subject, "open", lambda self, catalog: Halved(Audio.load(clips[0])))
    _, both = measure_quality(CATALOG, [Subject("halved", "half")], clips)
    assert max(both.bands_db) == 5000
    _, low = measure_quality(CATALOG, [Subject("halved", "half")], clips[1:])
    assert "top_db" not in low.figures


def test_a_clip_that_cannot_be_judged_is_named_and_not_in_the_mean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def moody(recorded: Audio, rendered: Audio) -> float:
        if recorded.samples is not rendered.samples and not calls:
            calls.append(1)
            raise AudioError("no speech")
        return 2.0

    calls: list[int] = []
    monkeypatch.setattr(measures, "MEASURES", {"moody": moody, "broken": lambda a, b: float("nan")})
    clips = validation_clips(recordings(tmp_path / "c"))
    monkeypatch.setattr(Subject, "open", lambda self, catalog: Halved(Audio.load(clips[0])))
    _, row = measure_quality(CATALOG, [Subject("halved", "half")], clips)
    assert row.figures["moody"] == 2.0 and "broken" not in row.figures
    assert row.problems == ("c0: moody: no speech", "c0: broken: gave nan", "c1: broken: gave nan")
    text = Results(SpeakerResult(tmp_path, 2, [row])).to_markdown()
    assert "- half: c0: moody: no speech" in text


def test_griffin_lim_comes_closer_than_nothing_and_time_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures, "MEASURES", {})
    clips = validation_clips(recordings(tmp_path / "c"))
    seen: list[tuple[int, str]] = []
    subjects = [Subject("griffinlim", "", SPEC)]
    rows = measure_quality(CATALOG, subjects, clips, done=lambda number, label: seen.append((number, label)))
    assert [row.label for row in rows] == ["recordings", "griffinlim, hifigan-22k"]
    assert 0 < rows[1].figures["mel_l1"] < 0.5 and rows[1].figures["rtf"] > 0
    assert rows[1].figures["top_db"] < -10  # nothing above the mel
    assert [number for number, _ in seen] == [1, 2, 3, 4]


@pytest.mark.slow
def test_processes_give_the_same_figures(tmp_path: Path) -> None:
    pytest.importorskip("pesq")
    clips = validation_clips(recordings(tmp_path / "c"))
    subjects = [Subject("vocolab/griffinlim", "", SPEC)]
    alone = measure_quality(CATALOG, subjects, clips)
    together = measure_quality(CATALOG, subjects, clips, crew=Processes(2, 1), no_plugins=True)
    for one, other in zip(alone, together, strict=True):
        assert {**one.figures, "rtf": 0} == {**other.figures, "rtf": 0}
        assert one.bands_db == other.bands_db


def test_all_that_is_installed_is_measured(tmp_path: Path) -> None:
    subjects = choose(CATALOG)
    labels = [subject.label for subject in subjects]
    for entry in CATALOG.voices.ranked():
        assert entry.name in labels
    specs = {subject.mel_spec for subject in subjects if not subject.voice}
    assert specs == {CATALOG.voices.load(entry.qualified).mel_spec for entry in CATALOG.voices.ranked()}
    for subject in subjects:
        if subject.voice:
            assert subject.parameters > 0 and subject.stored_bytes > 2 * subject.parameters


def test_postfilters_have_rows_of_their_own(tmp_path: Path) -> None:
    advised = {"refine": 2, "fresh_noise": True, "band_gains": 8}
    path = voice_copy(tmp_path / "mine.safetensors", {"steps": 10}, advised)
    assert [(subject.postfilters, subject.label) for subject in choose(CATALOG, [path], refine=[5])] == [
        ({}, "mine.safetensors"), (advised, "mine.safetensors, refined 2, fresh noise, band gains 8"),
        ({"refine": 5}, "mine.safetensors, refined 5")]
    denoised = choose(CATALOG, [path], denoise_db=3.0)
    assert denoised[0].label == "mine.safetensors, denoised +3 dB"
    plain = voice_copy(tmp_path / "plain.safetensors", {"steps": 10}, {"refine": 2})
    assert len(choose(CATALOG, [plain], refine=[2])) == 2


def test_the_row_without_postfilters_has_none_of_those_that_the_voice_recommends(tmp_path: Path) -> None:
    path = voice_copy(tmp_path / "mine.safetensors", {"steps": 10}, {"refine": 2, "band_gains": 8})
    bare, advised = (subject.open(CATALOG).postfilters for subject in choose(CATALOG, [path]))
    assert not (bare.refine or bare.band_gains or bare.fresh_noise)
    assert (advised.refine, advised.band_gains) == (2, 8)


@pytest.mark.parametrize("provenance", [{"steps": 5}, {"source": "g.pth", "source_sha256": "ab"}])
def test_trained_and_converted_voices_are_measured(tmp_path: Path, provenance: dict[str, object]) -> None:
    assert choose(CATALOG, [voice_copy(tmp_path / "v.safetensors", provenance)])


@pytest.mark.parametrize("provenance", [{}, {"steps": 0}, {"licence": "CC0"}])
def test_random_weights_are_refused(tmp_path: Path, provenance: dict[str, object]) -> None:
    with pytest.raises(NoVoice, match="random weights"):
        choose(CATALOG, [voice_copy(tmp_path / "v.safetensors", provenance)])


def test_names_that_there_are_not() -> None:
    with pytest.raises(UnknownName):
        choose(CATALOG, ["vocos-23k"])
    with pytest.raises(UnknownName):
        choose(CATALOG, vocoders=["griffinlin"])


def test_a_vocoder_alone_is_measured_at_the_conventions_of_the_voices(tmp_path: Path) -> None:
    assert [subject.label for subject in choose(CATALOG, vocoders=["griffinlim"])] == ["griffinlim, hifigan-22k"]
    voice = replace(Voice.load(voice_copy(tmp_path / "v.safetensors", {"steps": 1})), mel_spec=convention("vocos-24k"))
    voice.save(tmp_path / "v24.safetensors")
    labels = [subject.label for subject in choose(CATALOG, [str(tmp_path / "v24.safetensors")], ["griffinlim"])]
    assert labels == ["griffinlim, vocos-24k", "v24.safetensors"]


def row(label: str, stoi: float) -> Row:
    return Row(label, {"stoi": stoi})


def test_the_second_speaker_is_held_against_the_first() -> None:
    own = SpeakerResult(Path("own"), 5, [row("recordings", 1.0), row("good", 0.97), row("bad", 0.97)])
    second = SpeakerResult(Path("other"), 5, [row("recordings", 1.0), row("good", 0.911), row("bad", 0.909)])
    results = Results(own, second, {})
    assert [(check.label, check.holds) for check in results.checks()] == [("good", True), ("bad", False)]
    assert "bad: STOI 0.909 on the other speaker, 0.970 on its own: NOT within 0.06" in results.to_markdown()
    assert [check["holds"] for check in results.to_dict()["second_speaker_checks"]] == [True, False]
    assert Results(own, None, {}).checks() == []


def test_the_clips_are_the_held_out_ones(tmp_path: Path) -> None:
    folder = recordings(tmp_path / "c", clips=4, held_out=3)
    assert [path.stem for path in validation_clips(folder)] == ["c0", "c1", "c2"]
    assert [path.stem for path in all_clips(folder, 2)] == ["c0", "c1"]
    (folder / "validation.txt").unlink()
    assert len(all_clips(folder)) == 4
    with pytest.raises(CorpusError, match="no prompts to validate"):
        validation_clips(folder)
    (folder / "wavs" / "c3.wav").unlink()
    with pytest.raises(CorpusError, match="1 of 4 clips have no"):
        all_clips(folder)


def test_one_clip_and_one_voice_are_in_memory_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was opened for a row is let go before the next row is opened."""
    import weakref

    monkeypatch.setattr(measures, "MEASURES", {})
    clips = validation_clips(recordings(tmp_path / "c"))
    alive: list[weakref.ref[Halved]] = []

    def opened(subject: Subject, catalog: Catalog) -> Halved:
        assert all(reference() is None for reference in alive)
        renderer = Halved(Audio.load(clips[0]))
        alive.append(weakref.ref(renderer))
        return renderer

    monkeypatch.setattr(Subject, "open", opened)
    rows = measure_quality(CATALOG, [Subject("a", "a"), Subject("b", "b")], clips)
    assert len(alive) == 2 and len(rows) == 3
    assert rows[0].label == quality.RECORDINGS


@pytest.mark.slow
def test_dnsmos_hears_noise(shared: Path) -> None:
    pytest.importorskip("onnxruntime")
    if find_spec("speechmos") is None:
        pytest.skip("needs speechmos")
    from vocolab.bench.dnsmos import dnsmos

    samples = Audio.load(all_clips(shared / "data" / "ljspeech")[0]).samples
    clip = Audio(np.tile(samples, 3)[:, : round(9.5 * 22_050)], 22_050)  # one window
    noise = np.random.default_rng(0).standard_normal(clip.samples.shape)
    noisy = Audio(clip.samples + 0.05 * noise, clip.sample_rate)
    assert 2.5 < dnsmos(clip) < 4.0
    assert dnsmos(noisy) < dnsmos(clip) - 0.8
    with pytest.raises(AudioError):
        dnsmos(Audio.mono(np.zeros(0, np.float32), 16_000))
