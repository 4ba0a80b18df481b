"""`vocolab measure`: its keys, its verdicts, its pictures, and what it says of files that are no good."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from speechlike import speechlike

from vocolab.audio import Audio
from vocolab.loudness import measure

KEYS = [
    "file", "sample_rate", "channels", "seconds", "integrated_lufs", "momentary_max_lufs", "short_term_max_lufs",
    "loudness_range_lu", "true_peak_dbtp", "sample_peak_dbfs", "plr_lu", "rms_dbfs", "crest_db", "noise_floor_dbfs",
    "dc_offset", "clipped_samples",
]  # fmt: skip

SPEC = """\
format = 1
summary = "What a client wants"

[target]
integrated_lufs = -20.0
true_peak_dbtp = -1.0
tolerance_lu = 1.0
rms_min_dbfs = -27.0
rms_max_dbfs = -24.0
noise_floor_dbfs = -60.0
sample_rate_hz = 48000
"""


@pytest.fixture
def spec(tmp_path):
    path = tmp_path / "client.toml"
    path.write_text(SPEC)
    return path


def test_json_has_every_reading(cli, audio_file):
    (row,) = cli("measure", audio_file, "--json").json
    assert list(row) == KEYS
    loudness = measure(Audio.load(audio_file))
    assert {key: row[key] for key in KEYS[4:]} == {key: getattr(loudness, key) for key in KEYS[4:]}
    assert (row["file"], row["sample_rate"], row["channels"], row["seconds"]) == (str(audio_file), 48_000, 2, 2.0)


def test_every_reading_is_documented():
    page = (Path(__file__).resolve().parents[2] / "docs" / "metering.md").read_text(encoding="utf-8")
    assert [key for key in KEYS[4:] if f"\n| `{key}` |" not in page] == []


def test_what_is_undefined_is_null(cli):
    Audio(np.zeros((1, 48_000), np.float32), 48_000).save("silent.wav")
    (row,) = cli("measure", "silent.wav", "--json").json
    assert [key for key in KEYS[4:] if row[key] is not None] == ["dc_offset", "clipped_samples"]
    out = cli("measure", "silent.wav").out
    assert "integrated loudness  undefined: silence" in out
    assert "loudness range       undefined: shorter than 3 s" in out


def test_a_single_file_is_told_in_full_and_several_in_a_table(cli, audio_file):
    integrated = measure(Audio.load(audio_file)).integrated_lufs
    alone = cli("measure", audio_file).out.splitlines()
    assert alone[0].endswith("speech.wav: 2.00 s, 48000 Hz, stereo")
    assert alone[1] == f"  integrated loudness  {integrated:.2f} LUFS"
    header, first, second = cli("measure", "speech.wav", "speech.wav").out.splitlines()
    assert " ".join(header.split()) == "seconds Hz ch LUFS max S LRA dBTP PLR RMS noise clipped file"
    assert first == second
    assert first.split()[:4] == ["2.00", "48000", "2", f"{integrated:.1f}"]


# Verdicts.


def test_every_requirement_passes_or_fails(cli, spec, audio_file):
    result = cli("measure", audio_file, "--preset", spec, "--json")
    (row,) = result.json
    assert result.code == 1
    assert (row["preset"], row["passed"]) == ("client", False)
    verdicts = {line["requirement"]: line["passed"] for line in row["requirements"]}
    assert verdicts == {
        "integrated_lufs": True, "true_peak_dbtp": True, "rms_min_dbfs": True, "rms_max_dbfs": True,
        "noise_floor_dbfs": False, "sample_rate_hz": True,
    }  # fmt: skip
    floor = row["noise_floor_dbfs"]
    assert result.error == f"{audio_file}, client: fails (noise floor {floor:.2f} dBFS)"


def test_verdicts_for_people(cli, spec, audio_file):
    out = cli("measure", audio_file, "--preset", spec).out.splitlines()
    lines = {line.split("  ")[0]: line for line in out if line.endswith(("pass", "FAIL"))}
    assert "at most -60.0 dBFS" in lines["noise floor"] and lines["noise floor"].endswith("FAIL")
    assert "-20.0 ±1 LUFS" in lines["integrated loudness"] and lines["integrated loudness"].endswith("pass")
    assert "48000 Hz" in lines["sample rate"]


def test_a_file_that_meets_its_preset_exits_0(cli, audio_file):
    assert cli("measure", audio_file, "--preset", "podcast").code == 1
    assert cli("master", audio_file, "--preset", "podcast", "-o", "done.wav").code == 0
    result = cli("measure", "done.wav", "--preset", "podcast", "--json")
    assert (result.code, result.json[0]["passed"]) == (0, True)


def test_in_a_batch_failures_are_counted(cli, spec, audio_file):
    result = cli("measure", audio_file, audio_file, "--preset", spec)
    assert result.code == 1
    assert result.error.startswith("2 of 2 files: ")


def test_silence_is_not_as_loud_as_was_wanted(cli):
    Audio(np.zeros((1, 48_000), np.float32), 48_000).save("silent.wav")
    result = cli("measure", "silent.wav", "--preset", "broadcast", "--json")
    assert result.code == 1
    assert result.error == "silent.wav, broadcast: fails (integrated loudness can't be measured)"
    assert {line["passed"] for line in result.json[0]["requirements"]} == {None}


def test_a_preset_that_promises_nothing_is_refused(cli, audio_file):
    result = cli("measure", audio_file, "--preset", "none")
    assert result.code == 2
    assert "has no target to check" in result.error


# Pictures.


def test_a_picture(cli, spec, audio_file, tmp_path):
    pytest.importorskip("matplotlib")
    result = cli("measure", audio_file, "--plot", "report.png", "--preset", spec, "--json")
    assert list(result.json[0])[: len(KEYS)] == KEYS
    assert (tmp_path / "report.png").read_bytes().startswith(b"\x89PNG")
    assert result.json[0]["integrated_lufs"] == measure(Audio.load(audio_file)).integrated_lufs


def test_a_picture_holds_what_was_read(cli, spec, tmp_path):
    pytest.importorskip("matplotlib")
    speechlike(4.0, 22_050, 1).save("long.wav")
    assert cli("measure", "long.wav", "--plot", "report.svg", "--preset", spec).code == 1
    drawn = (tmp_path / "report.svg").read_text()
    for words in ("long.wav", "client: fails", "short-term, 3 s", "target -20 ±1", "Mean spectrum", "ceiling of the"):
        assert f"<!-- {words}" in drawn, words


def test_pictures_of_several_files_go_into_a_folder(cli, audio_file, tmp_path):
    pytest.importorskip("matplotlib")
    speechlike(0.2, 8_000).save("short.wav")
    result = cli("measure", audio_file, "short.wav", "--plot", "all.png")
    assert result.code == 2
    assert "name a folder" in result.error
    (tmp_path / "pictures").mkdir()
    assert cli("measure", audio_file, "short.wav", "--plot", "pictures", "--jobs", 2).code == 0
    assert sorted(path.name for path in (tmp_path / "pictures").iterdir()) == ["short.png", "speech.png"]


@pytest.mark.parametrize("picture", ["report.xyz", "speech.wav"])
def test_a_picture_that_can_not_be_written_is_said_before_the_work(cli, audio_file, unchanged, picture):
    pytest.importorskip("matplotlib")
    unchanged()
    result = cli("measure", "speech.wav", "--plot", picture)
    assert result.code == 2
    assert result.error.startswith(f"{picture}: ")


# Files that are no good.


def wav(samples, rate=48_000, **how):
    def write(path):
        soundfile.write(path, samples, rate, format="WAV", **how)

    return write


def truncated_flac(path):
    noise = 0.1 * np.random.default_rng(0).standard_normal(96_000)
    soundfile.write(path, noise, 48_000, format="FLAC")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


BAD = {
    "empty": (lambda path: path.write_bytes(b""), "the file is empty"),
    "no samples": (wav(np.zeros(0)), "the file holds no samples"),
    "NaN": (wav(np.array([0, np.nan], np.float32), subtype="FLOAT"), "nan at sample 1"),
    "infinity": (wav(np.array([0, 0, -np.inf], np.float32), subtype="FLOAT"), "-inf at sample 2"),
    "no samples at all": (wav(np.array([0, 3e38], np.float32), subtype="FLOAT"), "3e+38 at sample 1 (0.000 s)"),
    "seven channels": (wav(np.zeros((100, 7))), "1 to 6 channels, not 7"),
    "text": (lambda path: path.write_text("Once upon a time\n" * 50), "not an audio file"),
    "truncated": (truncated_flac, "damaged or truncated"),
    "2 kHz": (wav(np.zeros(100), 2_000), "2000 Hz; allowed: 4000 to 768000 Hz"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_files_cost_themselves_only(cli, tmp_path, audio_file, kind):
    write, said = BAD[kind]
    write(tmp_path / "bad.wav")
    result = cli("measure", "bad.wav", audio_file, "--json")
    assert result.code == 1
    assert [row["file"] for row in result.json if "error" not in row] == [str(audio_file)]
    assert [row["file"] for row in result.json if "error" in row] == ["bad.wav"]
    lines = [line for line in result.err.splitlines() if line.startswith("vocolab: error: ")]
    assert len(lines) == 1
    assert lines[0].startswith("vocolab: error: bad.wav: ") and said in lines[0]
    assert result.err.splitlines()[-1] == "1 of 2 files failed"


@pytest.mark.parametrize("rate", [4_000, 768_000])
def test_rates_that_nobody_delivers_are_measured_and_named(cli, tmp_path, rate):
    wav(np.sin(2 * np.pi * 997 * np.arange(rate) / rate), rate, subtype="FLOAT")(tmp_path / "odd.wav")
    result = cli("measure", "odd.wav", "--json")
    assert result.code == 0
    assert f"odd.wav: measured at {rate} Hz, which is outside the 8000 to 192000 Hz" in result.err
    assert result.json[0]["integrated_lufs"] == pytest.approx(-3.01, abs=0.1)


def test_a_header_that_promises_more_than_there_is(cli, audio_file, tmp_path):
    (honest,) = cli("measure", audio_file, "--json").json
    data = audio_file.read_bytes()
    size = data.index(b"data") + 4
    (tmp_path / "lying.wav").write_bytes(data[:size] + struct.pack("<I", 2**31 - 2) + data[size + 4 :])
    result = cli("measure", "lying.wav", "--json")
    (row,) = result.json
    assert {**row, "file": ""} == {**honest, "file": ""}
    assert "lying.wav: the header states another length than the file has; measured are the 2.000 s" in result.err
    assert cli("measure", audio_file).err == ""


def test_a_single_sample(cli, tmp_path):
    wav(np.array([0.5]))(tmp_path / "one.wav")
    (row,) = cli("measure", "one.wav", "--json").json
    assert row["sample_peak_dbfs"] == row["rms_dbfs"] == pytest.approx(-6.02, abs=0.01)
    assert row["integrated_lufs"] is row["noise_floor_dbfs"] is None


def test_a_file_that_is_clipped_throughout(cli, tmp_path):
    wav(np.sign(np.sin(2 * np.pi * 50 * (np.arange(48_000) + 0.5) / 48_000)))(tmp_path / "square.wav")
    result = cli("measure", "square.wav", "--json", "--preset", "podcast")
    assert result.code == 1
    assert result.json[0]["clipped_samples"] == 48_000
    assert result.json[0]["crest_db"] == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("level", [0.0, 0.01])
def test_a_preset_that_settles_judges_as_master_does(cli, tmp_path, level):
    """`linear` leaves silence as it is, and stays quieter than its target where a peak allows no more."""
    samples = np.zeros((1, 48_000)) + level * np.sin(np.arange(48_000) / 10)
    samples[0, 24_000] = min(1.0, 50 * level)
    Audio(samples.astype(np.float32), 48_000).save(tmp_path / "in.wav")
    assert cli("master", str(tmp_path / "in.wav"), "--preset", "linear", "-o", str(tmp_path / "out.wav")).code == 0
    result = cli("measure", str(tmp_path / "out.wav"), "--preset", "linear")
    assert result.code == 0 and "linear: passes" in result.out and "missed, as allowed" in result.out


def test_a_sample_that_no_recording_has_is_named(cli, tmp_path):
    samples = speechlike(2).samples.copy()
    samples[0, 22_050] = 17_579.0
    soundfile.write(tmp_path / "in.wav", samples.T, 22_050, subtype="FLOAT")
    result = cli("measure", str(tmp_path / "in.wav"))
    assert result.code == 0 and "the highest sample, at 1.000 s, is at +84.9 dBFS" in result.err
