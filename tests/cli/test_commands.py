"""mel, master, measure, inspect, and what is installed."""

from __future__ import annotations

import os

import numpy as np
import pytest
import soundfile
from speechlike import speechlike

from vocolab.audio import Audio
from vocolab.loudness import measure
from vocolab.mels.conventions import convention
from vocolab.mels.extract import extract
from vocolab.mels.mel import Mel


@pytest.fixture
def clip(tmp_path):
    path = tmp_path / "clip.wav"
    speechlike(1.0).save(path, bit_depth=32)
    return path


def test_mel_states_its_convention_or_is_bare(cli, clip):
    expected = extract(Audio.load(clip), convention("hifigan-22k")).values
    assert cli("mel", clip).code == 0
    mel = Mel.load("clip.safetensors")
    assert mel.spec == convention("hifigan-22k")
    np.testing.assert_array_equal(mel.values, expected)
    assert cli("mel", clip, "-o", "bare.npy").code == 0
    np.testing.assert_array_equal(np.load("bare.npy"), expected)


def test_mel_goes_on_after_a_bad_file(cli, clip, tmp_path):
    (tmp_path / "mels").mkdir()
    result = cli("mel", "missing.wav", clip, "--mel-spec", "diffwave-22k", "--out-dir", "mels", "--jobs", "2")
    assert result.code == 1
    assert "missing.wav: there is no such file" in result.err
    assert Mel.load("mels/clip.safetensors").spec == convention("diffwave-22k")


def test_mel_with_a_suffix_that_is_none(cli, clip):
    result = cli("mel", clip, "-o", "mel.wav")
    assert result.code == 2
    assert ".npy or .safetensors" in result.error


def test_measure_of_many(cli, clip):
    result = cli("measure", "missing.wav", clip, "--json")
    assert result.code == 1
    assert [row["file"] for row in result.json if "error" not in row] == [str(clip)]
    assert [row["file"] for row in result.json if "error" in row] == ["missing.wav"]
    assert result.err.splitlines()[-1] == "1 of 2 files failed"


def test_master_meets_its_preset_and_leaves_the_input(cli, audio_file, tmp_path):
    before = audio_file.read_bytes()
    result = cli("master", audio_file, "--preset", "podcast", "--json")
    assert result.code == 0, result.err
    assert audio_file.read_bytes() == before
    mastered = Audio.load("speech.mastered.wav")
    assert measure(mastered).integrated_lufs == pytest.approx(-16.0, abs=0.2)
    assert measure(mastered).true_peak_dbtp <= -1.0
    assert mastered.n_samples == Audio.load(audio_file).n_samples
    assert result.json[0]["output"] == str(tmp_path / "speech.mastered.wav")


def test_master_never_writes_over_its_input(cli, audio_file, tmp_path):
    before = audio_file.read_bytes()
    os.symlink(audio_file, tmp_path / "link.wav")
    for output in ("speech.wav", "./speech.wav", "link.wav"):
        assert cli("master", "speech.wav", "--preset", "none", "-o", output).code == 2
    assert cli("master", "speech.wav", "--preset", "none", "--out-dir", ".").code == 0, "speech.mastered.wav is new"
    assert audio_file.read_bytes() == before


def test_master_with_none_changes_nothing_but_the_depth(cli, audio_file):
    assert cli("master", audio_file, "--preset", "none", "-o", "a.wav", "--bit-depth", "32").code == 0
    np.testing.assert_array_equal(Audio.load("a.wav").samples, Audio.load(audio_file).samples)


def test_inspect_tells_by_content(cli, clip, mel_file, voice_file, mel_values, tmp_path):
    np.save(tmp_path / "bare.npy", mel_values)
    (tmp_path / "voice.wav").write_bytes(voice_file.read_bytes())
    (tmp_path / "mel.flac").write_bytes(mel_file.read_bytes())
    kinds = {name: cli("inspect", name, "--json").json["kind"]
             for name in (clip, mel_file, "bare.npy", voice_file, "voice.wav", "mel.flac")}
    assert list(kinds.values()) == ["audio", "mel", "mel", "voice", "voice", "mel"]


def test_inspect_a_voice(cli, voice_file):
    facts = cli("inspect", voice_file, "--json").json
    assert (facts["model"], facts["convention"], facts["checksum"]) == ("hifigan", "hifigan-22k", "verified")
    assert facts["provenance"]["licence"] == "CC0-1.0"
    out = cli("inspect", voice_file).out
    for words in (f"{facts['parameters']:,}", "hifigan-22k", "CC0-1.0", "verified"):
        assert words in out


def test_inspect_a_bare_mel_and_draw_it(cli, tmp_path, mel_values):
    pytest.importorskip("matplotlib")
    np.save("bare.npy", mel_values.T)
    result = cli("inspect", "bare.npy", "--plot", "mel.png")
    assert result.code == 0, result.err
    for words in ("float32", "hifigan-22k", str(mel_values.shape[1])):
        assert words in result.out
    assert (tmp_path / "mel.png").read_bytes().startswith(b"\x89PNG")


def test_inspect_audio(cli, clip):
    out = cli("inspect", clip).out
    assert "WAV FLOAT" in out
    assert soundfile.info(clip).samplerate == 22_050
    assert "22050" in out


def test_a_voice_in_a_file_is_inspected(cli, voice_file, tmp_path):
    (tmp_path / "mine").write_bytes(voice_file.read_bytes())
    for file in (voice_file, "absent.safetensors", "mine"):
        result = cli("voices", file)
        assert result.code == 2 and f"'vocolab inspect {file}' describes a file" in result.error
    assert cli("inspect", voice_file).code == 0


@pytest.mark.parametrize("command", ["vocoders", "effects", "presets", "plugins", "voices"])
def test_listings(cli, command):
    listing = cli(command, "--json").json
    assert listing
    table = cli(command).out
    for row in listing:
        assert row["name"] in table
        assert row["dist"] in table


def test_effect_in_detail(cli):
    facts = cli("effects", "limiter", "--json").json
    option = facts["options"]["ceiling_dbtp"]
    assert (option["type"], option["default"]) == ("float", -1.0)
    assert "<= 0" in option["range"]
    out = cli("effects", "limiter").out
    for words in ("ceiling_dbtp", option["range"], option["description"].split()[0]):
        assert words in out


@pytest.mark.parametrize("command", ["effects", "vocoders", "presets"])
def test_details_of_everything(cli, command):
    for row in cli(command, "--json").json:
        assert cli(command, row["name"]).code == 0
        assert cli(command, row["name"], "--json").json["name"] == row["name"]


@pytest.mark.parametrize(
    ("command", "name", "near"),
    [("effects", "limter", "limiter"), ("vocoders", "hifgan", "hifigan"), ("presets", "brodcast", "broadcast"),
     ("voices", "hifigan-23k", "hifigan-22k"), ("plugins", "masterin", "mastering")],
)
def test_unknown_names(cli, command, name, near):
    result = cli(command, name)
    assert result.code == 2
    assert f"Did you mean '{near}'?" in result.error


def test_preset_in_detail(cli):
    facts = cli("presets", "broadcast", "--json").json
    assert facts["target"]["integrated_lufs"] == -23.0
    assert facts["output"] == {"sample_rate_hz": 48_000, "bit_depth": 24}
    out = cli("presets", "broadcast").out
    for effect in facts["effects"]:
        assert effect["use"] in out
    assert "-23 LUFS" in out


def test_every_shipped_preset_is_right(cli):
    for row in cli("presets", "--json").json:
        result = cli("check", row["name"])
        assert (result.code, ": ok" in result.out) == (0, True)


class Broken:
    """A host as it is with one plugin that could not be loaded."""

    def __new__(cls, *, no_plugins=False):
        from vocolab.catalog import Catalog
        from vocolab.plugins.host import PluginHost, PluginRecord

        host = PluginHost()
        record = PluginRecord("wrecked", "vocolab-wrecked", "0.1.0")
        record.fail("loading", RuntimeError("boom"))
        host.records.append(record)
        return Catalog(host)


def test_broken_plugin(cli, monkeypatch, audio_file):
    from vocolab.catalog import Catalog

    assert cli("plugins", "--check").code == 0
    monkeypatch.setattr(Catalog, "installed", Broken)
    result = cli("plugins", "--check")
    assert result.code == 1
    assert "boom" in result.out
    result = cli("master", audio_file, "--preset", "none")
    assert result.code == 0, "a broken plugin costs nobody else anything"
    assert "1 plugin failed to load (vocolab-wrecked:wrecked); see 'vocolab plugins'" in result.err
