"""What becomes of a folder of recordings: nothing is lost without a reason, and a second run does the rest."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import numpy as np
import pytest
from corpus_fakes import RATE_HZ, add, between_silence, spoken, write_folder

from vocolab.audio import Audio
from vocolab.corpora import clip_work
from vocolab.corpora.findings import Limits
from vocolab.corpora.prepared import PreparedFolder
from vocolab.corpora.preparing import Progress, Settings, prepare
from vocolab.corpora.report import Report
from vocolab.errors import AudioError, CallError, CorpusError, OutputError
from vocolab.mels.conventions import convention
from vocolab.training.corpus import read_corpus

SPEC = convention("hifigan-22k")


def run(source: Path, **settings: object) -> Report:
    return prepare(source, source.with_name("features"), SPEC, Settings(**settings))


def reasons(report: Report) -> dict[str, str]:
    return {finding.name: finding.kind for finding in report.left_out}


def names(path: Path) -> list[str]:
    return [line.split("|")[0] for line in path.read_text().splitlines()]


def test_everything_that_is_left_out_has_a_reason(tmp_path: Path) -> None:
    source = write_folder(tmp_path / "raw")
    loud = np.clip(8 * spoken(seed=20).samples, -1, 1)
    add(source, "silent", "a", Audio.mono(np.zeros(RATE_HZ, np.float32), RATE_HZ))
    add(source, "hiss", "b", Audio.mono(1e-4 * np.random.default_rng(1).standard_normal(RATE_HZ), RATE_HZ))
    add(source, "short", "c", spoken(0.1, 21))
    add(source, "long", "d", spoken(7.0, 22))
    add(source, "clipped", "e", Audio(loud, RATE_HZ))
    add(source, "noisy", "f", spoken(seed=23, room_dbfs=-24))
    add(source, "gone", "g")
    add(source, "clip0", "h")
    add(source, "again", "i", spoken(seed=1))
    add(source, "nobody", None, spoken(seed=24))
    add(source, "../outside", "j")
    (source / "wavs" / "text.wav").write_text("not audio")
    add(source, "text", "k")
    infinite = spoken(seed=25).samples.copy()
    infinite[0, 500] = np.nan
    import soundfile

    soundfile.write(source / "wavs" / "nan.wav", infinite[0], RATE_HZ, subtype="FLOAT")
    add(source, "nan", "l")

    report = run(source, limits=Limits(longest_s=5.0))

    assert reasons(report) == {
        "silent": "silent", "hiss": "silent", "short": "too-short", "long": "too-long", "clipped": "clipped",
        "noisy": "noisy", "gone": "no-file", "clip0": "named-twice", "again": "same-recording", "nobody": "no-line",
        "../outside": "bad-name", "text": "unreadable", "nan": "unreadable",
    }
    assert set(report.seconds) == {"clip0", "clip1", "clip2", "clip3"}
    stored = json.loads((tmp_path / "features" / "report.json").read_text())
    assert {entry["name"] for entry in stored["left_out"]} == set(reasons(report))
    assert all(entry["text"] for entry in stored["left_out"])
    assert sorted(path.stem for path in (tmp_path / "features" / "flac").iterdir()) == sorted(report.seconds)


def test_what_is_changed_about_a_clip_is_said(tmp_path: Path) -> None:
    source = write_folder(tmp_path / "raw")
    stereo = spoken(seed=30, sample_rate=48_000).samples * np.array([[1.0], [0.5]], np.float32)
    add(source, "stereo", "one", Audio(stereo, 48_000))
    add(source, "low", "two", spoken(seed=31, sample_rate=16_000))
    add(source, "mute", "", spoken(seed=32))
    add(source, "two", "three", spoken(seed=33))
    add(source, "two", None, spoken(seed=33), place="wav")
    kinds: dict[str, set[str]] = {}
    for finding in run(source).notes:
        kinds.setdefault(finding.name, set()).add(finding.kind)
    assert kinds == {
        "stereo": {"mixed-down", "resampled"}, "low": {"resampled", "band-missing"}, "mute": {"no-text"},
        "two": {"several-files"},
    }


def test_stereo_is_the_mean_at_the_conventions_rate(tmp_path: Path) -> None:
    source = write_folder(tmp_path / "raw")
    left = spoken(seed=30, sample_rate=44_100)
    add(source, "stereo", "one", Audio(left.samples * np.array([[1.0], [0.5]], np.float32), 44_100))
    run(source, trim_db=None)
    stored = Audio.load(tmp_path / "features" / "flac" / "stereo.flac")
    import soxr

    expected = soxr.resample(0.75 * left.samples[0], 44_100, RATE_HZ)
    assert (stored.channels, stored.sample_rate, stored.n_samples) == (1, RATE_HZ, expected.size)
    np.testing.assert_allclose(stored.samples[0], expected, atol=4 / 32768)  # two roundings and the dither


@pytest.mark.parametrize("level", [1.0, 0.02])
def test_silence_at_the_ends_goes_whatever_the_level(tmp_path: Path, level: float) -> None:
    source = write_folder(tmp_path / "raw")
    padded = between_silence(spoken(1.1, 5), 0.8, 0.6)
    add(source, "padded", "x", Audio(level * padded.samples, RATE_HZ))
    report = run(source, keep_ms=50.0)
    # The last of its syllables, from 0.9 to 1.1 s, is the end of the sound.
    assert report.seconds["padded"] == pytest.approx(1.1 + 2 * 0.05, abs=0.03)


def test_text_missing_is_no_reason_but_split_apart(tmp_path: Path) -> None:
    source = write_folder(tmp_path / "raw", texts=["", "", "", ""])
    report = run(source, held_out=2)
    assert len(report.seconds) == 4 and len(report.held_out) == 2


def test_a_validation_list_is_honoured_and_its_texts_never_trained_on(tmp_path: Path) -> None:
    source = write_folder(tmp_path / "raw", texts=["Hello, you.", "Other.", "hello you", "Third."])
    (source / "validation.txt").write_text("clip0\nabsent\n")
    report = run(source)
    assert report.held_out == {"clip0", "clip2"}
    assert {(finding.name, finding.kind) for finding in report.notes} == {
        ("clip2", "held-out-too"), ("absent", "not-there")}
    assert names(tmp_path / "features" / "validation.txt") == ["clip0", "clip2"]


def test_a_second_run_does_only_what_is_missing_or_changed(tmp_path: Path) -> None:
    source = write_folder(tmp_path / "raw", 6)
    features = tmp_path / "features"
    assert run(source).prepared_now == 6
    before = {path.name: path.stat().st_mtime_ns for path in (features / "flac").iterdir()}
    assert run(source).prepared_now == 0
    (features / "flac" / "clip1.flac").unlink()
    add(source, "clip2", None, spoken(seed=50))
    add(source, "clip9", "New.", spoken(seed=51))
    assert run(source).prepared_now == 3
    after = {path.name: path.stat().st_mtime_ns for path in (features / "flac").iterdir()}
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"clip1.flac", "clip2.flac", "clip9.flac"}
    assert run(source, trim_db=30.0).prepared_now == 7


def test_a_clip_that_goes_from_the_source_goes_from_the_corpus(tmp_path: Path) -> None:
    source = write_folder(tmp_path / "raw", 5)
    run(source)
    (source / "wavs" / "clip4.wav").unlink()
    report = run(source)
    assert reasons(report) == {"clip4": "no-file"}
    assert not (tmp_path / "features" / "flac" / "clip4.flac").exists()
    assert "clip4" not in names(tmp_path / "features" / "metadata.csv")


def test_other_limits_need_no_second_reading_unless_a_clip_comes_in(tmp_path: Path) -> None:
    source = write_folder(tmp_path / "raw", 4)
    add(source, "long", "Long.", spoken(4.0, 60))
    assert reasons(run(source, limits=Limits(longest_s=3.0))) == {"long": "too-long"}
    report = run(source)
    assert report.prepared_now == 1 and not report.left_out


@pytest.mark.parametrize("kept_bytes", [-1, -30])
def test_a_run_that_was_killed_goes_on(tmp_path: Path, kept_bytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed in the middle of a journal line, and in the middle of a clip: what is half there is done again."""
    source = write_folder(tmp_path / "raw", 6)
    features = tmp_path / "features"
    whole = run(source)
    expected = {path.name: path.read_bytes() for path in features.rglob("*") if path.is_file()}
    for path in features.rglob("*"):
        if path.is_file() and path.name != "clips.jsonl" and path.stem not in ("clip0", "clip1", "clip2"):
            path.unlink()
    lines = (features / "clips.jsonl").read_bytes().splitlines(keepends=True)
    (features / "clips.jsonl").write_bytes(b"".join(lines[:3]) + lines[3][:kept_bytes])
    (features / "flac" / ".clip3.flac.0123.tmp").write_bytes(b"half")
    with pytest.raises(CorpusError, match="not finished"):
        read_corpus(features)
    report = run(source)
    assert report.prepared_now == 3
    assert report.seconds == whole.seconds
    found = {path.name: path.read_bytes() for path in features.rglob("*") if path.is_file()}
    found.pop(".clip3.flac.0123.tmp", None)
    for name in expected.keys() - {"report.json"}:
        assert found[name] == expected[name], name


def test_side_by_side_it_is_the_same(tmp_path: Path) -> None:
    source = write_folder(tmp_path / "raw", 8)
    alone = prepare(source, tmp_path / "one", SPEC)
    together = prepare(source, tmp_path / "four", SPEC, n_jobs=4)
    assert (together.seconds, together.held_out, together.findings) == (alone.seconds, alone.held_out, alone.findings)
    for path in (tmp_path / "one").rglob("*.flac"):
        assert (tmp_path / "four" / "flac" / path.name).read_bytes() == path.read_bytes()
    for name in ("metadata.csv", "validation.txt", "clips.jsonl", "corpus.json"):
        assert (tmp_path / "four" / name).read_bytes() == (tmp_path / "one" / name).read_bytes()


def test_progress_counts_each_clip_once(tmp_path: Path) -> None:
    source = write_folder(tmp_path / "raw", 5)
    totals: list[int] = []
    done: list[str] = []
    prepare(source, tmp_path / "features", SPEC, n_jobs=2, progress=Progress(totals.append, done.append))
    assert totals == [5] and sorted(done) == [f"clip{index}" for index in range(5)]


def test_a_full_disk_ends_the_run_with_one_clear_error(tmp_path: Path) -> None:
    from full_disk import full_disk

    source = write_folder(tmp_path / "raw", 4)
    with full_disk(8_000), pytest.raises(OutputError, match="no space left"):
        prepare(source, tmp_path / "features", SPEC)
    assert not list((tmp_path / "features" / "flac").iterdir())
    assert prepare(source, tmp_path / "features", SPEC).prepared_now == 4


def test_an_error_stops_the_clips_that_have_not_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_folder(tmp_path / "raw", 12)
    begun: list[Path] = []
    first = threading.Lock()

    def failing(path: Path, shape: object) -> object:
        with first:
            begun.append(path)
        raise OutputError("no space left on the disk")

    monkeypatch.setattr(clip_work, "examine", failing)
    with pytest.raises(OutputError, match="no space"):
        prepare(source, tmp_path / "features", SPEC, n_jobs=2)
    assert len(begun) < 12


def test_a_very_long_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from vocolab.corpora import examining

    source = write_folder(tmp_path / "raw")
    monkeypatch.setattr(examining, "LONGEST_READ_S", 1.0)
    with pytest.raises(CorpusError, match="cut it into sentences"):
        run(source)


@pytest.mark.parametrize("change", ["itself", "occupied", "file"])
def test_what_is_not_ours_is_not_written_into(tmp_path: Path, change: str) -> None:
    source = write_folder(tmp_path / "raw")
    target = {"itself": source, "occupied": tmp_path / "other", "file": tmp_path / "file"}[change]
    if change == "occupied":
        target.mkdir()
        (target / "notes.txt").write_text("mine")
    elif change == "file":
        target.write_text("mine")
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(CallError):
        prepare(source, target, SPEC)
    assert sorted(os.listdir(tmp_path)) == before


def test_a_prepared_corpus_is_trained_on_as_a_raw_one(tmp_path: Path) -> None:
    source = write_folder(tmp_path / "raw", 6)
    report = run(source, trim_db=None)
    corpus = read_corpus(tmp_path / "features", sample_rate=RATE_HZ)
    assert {clip.name for clip in corpus.validation} == report.held_out
    assert {clip.name for clip in corpus.train} == set(report.seconds) - report.held_out
    by_name = {clip.name: clip for clip in (*corpus.train, *corpus.validation)}
    original = np.rint(spoken(seed=3).samples[0] * 32768)
    assert np.max(np.abs(by_name["clip3"].samples - original)) <= 2  # the recording's rounding and the dither


def test_a_corpus_of_a_lower_rate_is_refused(tmp_path: Path) -> None:
    source = write_folder(tmp_path / "raw")
    run(source)
    with pytest.raises(CorpusError, match="22050 Hz and 48000 Hz"):
        read_corpus(tmp_path / "features", sample_rate=48_000)
    run(source, sample_rate=48_000)
    assert read_corpus(tmp_path / "features", sample_rate=48_000).train[0].sample_rate == 48_000


@pytest.mark.parametrize("settings", [{"sample_rate": 16_000}, {"trim_db": 0.0}, {"held_out": 0}, {"keep_ms": -1.0}])
def test_settings_out_of_range(tmp_path: Path, settings: dict[str, object]) -> None:
    with pytest.raises(CallError):
        run(write_folder(tmp_path / "raw"), **settings)
    assert not (tmp_path / "features").exists()


def test_a_file_that_vanishes_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_folder(tmp_path / "raw")
    real = clip_work.examine

    def vanishing(path: Path, shape: object) -> object:
        if path.stem == "clip2":
            raise AudioError(f"{path}: there is no such file")
        return real(path, shape)  # type: ignore[arg-type]

    monkeypatch.setattr(clip_work, "examine", vanishing)
    assert reasons(run(source)) == {"clip2": "unreadable"}


def test_it_goes_on_where_a_run_ended_before_it_had_a_journal(tmp_path: Path) -> None:
    (tmp_path / "prepared" / "flac").mkdir(parents=True)
    (tmp_path / "prepared" / ".prepared.jsonl.vocolab-0123456789ab.tmp").touch()
    PreparedFolder(tmp_path / "prepared").open(tmp_path)
    assert not list((tmp_path / "prepared").glob(".*"))


def test_a_clip_of_others_keeps_the_folder_theirs(tmp_path: Path) -> None:
    (tmp_path / "prepared" / "flac").mkdir(parents=True)
    (tmp_path / "prepared" / "flac" / "a.flac").touch()
    with pytest.raises(CallError, match="did not make"):
        PreparedFolder(tmp_path / "prepared").open(tmp_path)
