"""`vocolab master` over many files: formats, tags, album, resume, summary and reports."""

from __future__ import annotations

import json
import os
import re

import numpy as np
import pytest
import soundfile
from speechlike import speechlike

from vocolab.audio import Audio
from vocolab.loudness import measure

PRESET = """format = 1
summary = "Loudness and peak"
[output]
{output}
[[effects]]
use = "loudness"
target_lufs = -20.0
[[effects]]
use = "limiter"
ceiling_dbtp = -2.0
"""


@pytest.fixture
def takes(tmp_path):
    """Three files of different level, two seconds each, and a preset of two effects, `own.toml`."""
    (tmp_path / "own.toml").write_text(PRESET.format(output=""))
    for number, gain in enumerate((1.0, 0.3, 0.6), 1):
        audio = speechlike(2.0, 44_100)
        Audio(np.float32(gain) * audio.samples, 44_100).save(tmp_path / f"take{number}.wav")
    return [f"take{number}.wav" for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("arguments", "suffix", "form"),
    [
        ((), "wav", ("WAV", "PCM_24", 44_100)),
        (("--format", "flac", "--bit-depth", "16", "--dither", "shaped"), "flac", ("FLAC", "PCM_16", 44_100)),
        (("--format", "ogg", "--quality", "8"), "ogg", ("OGG", "VORBIS", 44_100)),
        (("--format", "mp3", "--bitrate-kbps", "320"), "mp3", ("MP3", "MPEG_LAYER_III", 44_100)),
        (("--format", "mp3", "--quality", "9"), "mp3", ("MP3", "MPEG_LAYER_III", 44_100)),
        (("--format", "opus", "--bitrate-kbps", "160"), "opus", ("OGG", "OPUS", 48_000)),
    ],
)
def test_every_format_meets_the_target(cli, takes, arguments, suffix, form):
    tags = ("--tag", "title=One", "--tag", "track=1")
    result = cli("master", takes[0], "--preset", "own.toml", *arguments, *tags, "--json")
    assert result.code == 0, result.err
    (facts,) = result.json
    path = f"take1.mastered.{suffix}"
    assert os.path.basename(facts["output"]) == path
    info = soundfile.info(path)
    assert (info.format, info.subtype, info.samplerate) == form
    read = measure(Audio.load(path))
    assert facts["integrated_lufs"] == pytest.approx(read.integrated_lufs)
    assert read.integrated_lufs == pytest.approx(-20.0, abs=0.2)
    assert read.true_peak_dbtp <= -2.0
    assert facts["decoded"] is (form[0] not in ("WAV", "FLAC"))
    assert facts["bit_depth"] == {"PCM_24": 24, "PCM_16": 16}.get(info.subtype)
    with soundfile.SoundFile(path) as file:
        assert (file.title, file.tracknumber) == ("One", "1")


def test_a_rate_that_the_format_does_not_take_is_changed_and_said(cli, takes):
    result = cli("master", takes[0], "--preset", "own.toml", "-o", "a.opus")
    assert "take1.wav: Opus does not take 44100 Hz; written at 48000 Hz" in result.err


def test_a_preset_names_format_bitrate_dither_and_channels(cli, takes, tmp_path):
    output = 'format = "mp3"\nbitrate_kbps = 128\nchannels = 2\nbit_depth = 16\ndither = "shaped"'
    (tmp_path / "mp3.toml").write_text(PRESET.format(output=output))
    assert cli("master", takes[0], "--preset", "mp3.toml").code == 0
    info = soundfile.info("take1.mastered.mp3")
    assert (info.channels, info.samplerate) == (2, 44_100)
    assert os.path.getsize("take1.mastered.mp3") == pytest.approx(2 * 128_000 / 8, rel=0.1)
    # Another format leaves the bitrate behind, which it would not take.
    assert cli("master", takes[0], "--preset", "mp3.toml", "-o", "a.ogg").code == 0
    assert cli("master", takes[0], "--preset", "mp3.toml", "-o", "a.wav").code == 0
    assert soundfile.info("a.wav").subtype == "PCM_16"
    described = cli("presets", "mp3.toml").out
    assert "writes 16 bit, stereo, mp3, 128 kbps, shaped dither" in described


def test_wrong_values_in_the_output_table(cli, takes, tmp_path):
    output = 'format = "aac"\nbitrate_kbps = 5000\ndither = "pink"\nchannels = 3'
    (tmp_path / "bad.toml").write_text(PRESET.format(output=output))
    result = cli("check", "bad.toml")
    assert result.code == 2
    for line, name in enumerate(("format", "bitrate_kbps", "dither", "channels"), 4):
        assert f"bad.toml:{line}: [output] {name}: " in result.err


def test_the_summary_has_every_file(cli, takes, tmp_path):
    (tmp_path / "text.wav").write_text("text")
    result = cli("master", *takes, "text.wav", "--preset", "own.toml", "--jobs", "2")
    assert result.code == 1
    rows = result.err[result.err.index("LUFS    dBTP") :].splitlines()
    for row, take in zip(rows[1:4], takes, strict=True):
        assert re.match(rf"-20\.\d\d +-\d+\.\d\d +[+-]\d+\.\d\d +pass +{take[:-4]}\.mastered\.wav$", row)
    assert re.match(r"- +- +- +FAILED +text\.wav$", rows[4])
    gain = float(rows[2].split()[2]) - float(rows[1].split()[2])
    assert gain == pytest.approx(-20 * np.log10(0.3), abs=0.1), "the second file was so much quieter"


def test_album_one_gain_for_all(cli, takes):
    result = cli("master", *takes, "--preset", "own.toml", "--album", "--json")
    assert result.code == 0, result.err
    whole = np.concatenate([Audio.load(f"take{n}.mastered.wav").samples for n in (1, 2, 3)], axis=1)
    assert measure(Audio(whole, 44_100)).integrated_lufs == pytest.approx(-20.0, abs=0.1)
    gains = [facts["gain_lu"] for facts in result.json]
    assert max(gains) - min(gains) < 0.3
    assert [row["requirement"] for facts in result.json for row in facts["requirements"]] == ["true_peak_dbtp"] * 3
    assert re.search(r"^-(20\.0\d|19\.9\d) .*pass +the album$", result.err, re.MULTILINE)


def test_album_goes_on_without_what_can_not_be_read(cli, takes, tmp_path):
    (tmp_path / "text.wav").write_text("text")
    result = cli("master", takes[0], "text.wav", takes[1], "--preset", "own.toml", "--album")
    assert result.code == 1
    assert "vocolab: error: text.wav: not an audio file" in result.err
    assert {path.name for path in tmp_path.glob("*.mastered.wav")} == {"take1.mastered.wav", "take2.mastered.wav"}
    assert "pass" in result.err


def test_album_of_nothing(cli, tmp_path):
    (tmp_path / "a.wav").write_text("text")
    (tmp_path / "b.wav").write_text("text")
    result = cli("master", "a.wav", "b.wav", "--preset", "none", "--album")
    assert (result.code, result.err.count("vocolab: error: ")) == (1, 2)


def test_album_of_two_kinds(cli, takes, tmp_path):
    speechlike(1.0, 44_100, 2).save(tmp_path / "stereo.wav")
    result = cli("master", *takes, "stereo.wav", "--preset", "own.toml", "--album")
    assert result.code == 1
    assert "an album has to be of one kind" in result.error
    assert not list(tmp_path.glob("*.mastered.wav"))


def test_rendered_album(cli, mel_file):
    quick = ("--vocoder", "griffinlim", "--set", "vocoder.iterations=1", "--preset", "broadcast", "--album")
    result = cli("render", mel_file, *quick)
    assert result.code == 0, result.err
    assert measure(Audio.load("speech.wav")).integrated_lufs == pytest.approx(-23.0, abs=0.2)


def states(folder):
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("*.mastered.*")}


def test_resume_skips_what_is_done_and_has_not_changed(cli, takes, tmp_path):
    call = ("master", *takes, "--preset", "own.toml", "--resume")
    assert cli(*call[:2], *call[4:]).code == 0  # the first file only
    first = states(tmp_path)
    result = cli(*call, "--json")
    assert result.code == 0, result.err
    assert [facts["skipped"] for facts in result.json] == [True, False, False]
    assert first.items() <= states(tmp_path).items()
    assert all(facts["integrated_lufs"] == pytest.approx(-20.0, abs=0.2) for facts in result.json), "measured again"
    assert result.err.count("done before, skipped") == 1

    def made_again(*arguments):
        return [not facts["skipped"] for facts in cli(*call, *arguments, "--json").json]

    assert made_again() == [False, False, False]
    Audio.load(takes[1]).save(takes[1], seed=7)
    assert made_again() == [False, True, False], "another input"
    os.remove("take3.mastered.wav")
    assert made_again() == [False, False, True], "no output"
    Audio.load("take1.mastered.wav").save("take1.mastered.wav", seed=7)
    assert made_again() == [True, False, False], "an output of somebody else's"
    assert made_again("--set", "limiter.ceiling_dbtp=-3") == [True, True, True], "other settings"
    assert made_again("--bit-depth", "16") == [True, True, True]
    (tmp_path / "vocolab-done.json").write_text("damaged")
    assert made_again() == [True, True, True]


def test_resume_of_renderings_knows_the_vocoder(cli, mel_file):
    call = ("render", mel_file, "--vocoder", "griffinlim", "--resume", "--json", "--set", "vocoder.iterations=1")
    assert [facts["skipped"] for facts in cli(*call).json] == [False]
    assert [facts["skipped"] for facts in cli(*call).json] == [True]
    assert [facts["skipped"] for facts in cli(*call[:-1], "vocoder.iterations=2").json] == [False]
    assert [facts["skipped"] for facts in cli(*call[:-1], "vocoder.iterations=2", "--seed", "1").json] == [False]


def test_resume_after_an_interruption(cli, takes, tmp_path, monkeypatch):
    from vocolab.delivery import dispatch

    original = dispatch.encode

    def interrupted(signal, temporary, path, form):
        if path.name.startswith("take3"):
            raise KeyboardInterrupt
        return original(signal, temporary, path, form)

    call = ("master", *takes, "--preset", "own.toml", "--resume")
    with monkeypatch.context() as patched:
        patched.setattr(dispatch, "encode", interrupted)
        assert cli(*call).code == 130
    assert set(states(tmp_path)) == {"take1.mastered.wav", "take2.mastered.wav"}
    assert [facts["skipped"] for facts in cli(*call, "--json").json] == [True, True, False]


def test_album_resumes_as_a_whole(cli, takes):
    call = ("master", *takes, "--preset", "own.toml", "--resume", "--album", "--json")
    assert [facts["skipped"] for facts in cli(*call).json] == [False, False, False]
    result = cli(*call)
    assert [facts["skipped"] for facts in result.json] == [True, True, True]
    assert "the album" in result.err
    os.remove("take2.mastered.wav")
    assert [facts["skipped"] for facts in cli(*call).json] == [False, False, False]


def test_without_resume_no_notes_are_left(cli, takes, tmp_path):
    assert cli("master", takes[0], "--preset", "own.toml").code == 0
    assert not (tmp_path / "vocolab-done.json").exists()


def test_report_as_json(cli, takes, tmp_path):
    (tmp_path / "text.wav").write_text("text")
    result = cli("master", *takes, "text.wav", "--preset", "own.toml", "--album", "--report", "report.json")
    assert result.code == 1
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["target"]["integrated_lufs"] == -20.0
    assert [facts["file"] for facts in report["files"]] == takes
    assert [failure["file"] for failure in report["failed"]] == ["text.wav"]
    assert report["album"]["integrated_lufs"] == pytest.approx(-20.0, abs=0.1)


def test_report_as_a_page_that_stands_alone(cli, takes, tmp_path):
    (tmp_path / "<b>.wav").write_text("text")
    result = cli("master", *takes, "<b>.wav", "--preset", "own.toml", "--report", "report.html")
    assert result.code == 1
    page = (tmp_path / "report.html").read_text()
    assert page.count("<svg") == page.count("</svg>") == 3
    assert page.count("<polyline") == 6
    assert "&lt;b&gt;.wav" in page
    assert "<b>.wav" not in page
    assert not re.search(r"(src|href)=|url\(|@import", page), "nothing is loaded from elsewhere"
    curve = re.search(r'<polyline[^>]*points="([^"]+)"', page).group(1)
    points = np.array([point.split(",") for point in curve.split()], dtype=float)
    assert np.isfinite(points).all()
    assert (np.diff(points[:, 0]) > 0).all()


def test_report_where_nothing_is_promised(cli, takes):
    assert cli("master", takes[0], "--preset", "none", "--report", "a.html", "--json").json[0]["integrated_lufs"] < 0
    assert cli("master", takes[0], "--preset", "none", "--json").json[0]["integrated_lufs"] is None
