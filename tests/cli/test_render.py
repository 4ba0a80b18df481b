"""`vocolab render`: what is written, where, and what is said about it."""

from __future__ import annotations

import os
from contextlib import closing

import numpy as np
import pytest
import soundfile

from vocolab.audio import Audio
from vocolab.loudness import measure
from vocolab.mels.conventions import convention
from vocolab.mels.mel import Mel

HOP = 256
QUICK = ("--vocoder", "griffinlim", "--set", "vocoder.iterations=2")


def copies(folder, mel_file, count):
    """The mel, cut to different lengths."""
    whole = Mel.load(mel_file)
    paths = []
    for number in range(count):
        path = folder / f"clip{number}.safetensors"
        Mel(whole.values[:, : 40 + 10 * number], whole.spec).save(path)
        paths.append(path)
    return paths


def test_writes_beside_the_input_exactly_as_long_as_the_mel(cli, mel_file, voice_file, tmp_path):
    result = cli("render", mel_file, "--voice", voice_file)
    assert result.code == 0, result.err
    assert result.out == ""
    info = soundfile.info(tmp_path / "speech.wav")
    assert info.frames == Mel.load(mel_file).frames * HOP
    assert (info.samplerate, info.channels, info.subtype) == (22_050, 1, "PCM_24")
    assert "real time" in result.err


def test_the_file_is_what_the_python_api_renders(cli, mel_file, voice_file):
    from vocolab.catalog import Catalog
    from vocolab.rendering import open_vocoder

    assert cli("render", mel_file, "--voice", voice_file, "-o", "a.wav", "--bit-depth", "32").code == 0
    expected = open_vocoder(Catalog.installed(), None, str(voice_file))(Mel.load(mel_file))
    np.testing.assert_array_equal(Audio.load("a.wav").samples, expected.samples)


@pytest.mark.parametrize(
    ("arguments", "name", "form"),
    [
        (["-o", "a.flac"], "a.flac", ("FLAC", "PCM_24", 22_050)),
        (["-o", "a.flac", "--bit-depth", "16", "--sample-rate", "44100"], "a.flac", ("FLAC", "PCM_16", 44_100)),
        (["-o", "a.wav", "--bit-depth", "32"], "a.wav", ("WAV", "FLOAT", 22_050)),
        (["--out-dir", "."], "speech.wav", ("WAV", "PCM_24", 22_050)),
        (["-o", "a.wav", "--preset", "broadcast"], "a.wav", ("WAV", "PCM_24", 48_000)),
        (["-o", "a.wav", "--preset", "broadcast", "--sample-rate", "32000", "--bit-depth", "16"], "a.wav",
         ("WAV", "PCM_16", 32_000)),
    ],
)
def test_forms(cli, mel_file, arguments, name, form):
    result = cli("render", mel_file, *QUICK, *arguments)
    assert result.code == 0, result.err
    info = soundfile.info(name)
    assert (info.format, info.subtype, info.samplerate) == form


@pytest.mark.parametrize("arguments", [(), ("--album", "--preset", "podcast")])
def test_a_vocoder_over_full_scale_is_named_and_no_input_is_blamed(cli, mel_file, tmp_path, arguments):
    mel = Mel.load(mel_file)
    Mel(mel.values + np.float32(np.log(30.0)), mel.spec).save(tmp_path / "loud.safetensors")
    result = cli("render", "loud.safetensors", *QUICK, "--bit-depth", "32", *arguments)
    assert result.code == 0, result.err
    (line,) = [line for line in result.err.splitlines() if "full scale" in line]
    assert "the vocoder's output is at full scale or over it" in line and "input-level" in line
    assert "the input is clipped" not in result.err
    if not arguments:
        peak_dbfs = 20 * np.log10(abs(Audio.load("loud.wav").samples).max())
        assert f"up to {peak_dbfs:+.1f} dBFS" in line


def test_preset_is_met_and_the_report_says_so(cli, mel_file):
    result = cli("render", mel_file, *QUICK, "--preset", "broadcast", "-o", "a.wav", "--json")
    assert result.code == 0, result.err
    assert result.err.count(" pass") == 2
    loudness = measure(Audio.load("a.wav"))
    (facts,) = result.json
    assert facts["integrated_lufs"] == pytest.approx(loudness.integrated_lufs, abs=1e-6)
    assert loudness.integrated_lufs == pytest.approx(-23.0, abs=0.2)
    assert loudness.true_peak_dbtp <= -1.0
    assert (facts["vocoder"], facts["voice"], facts["preset"]) == ("griffinlim", None, "broadcast")


def test_options_of_effects_change_the_target_that_is_reported(cli, mel_file):
    result = cli("render", mel_file, *QUICK, "--preset", "broadcast", "--set", "loudness.target_lufs=-27",
                 "--set", "limiter.ceiling_dbtp=-4", "-o", "a.wav", "--json")
    wanted = {row["requirement"]: row["wanted"] for row in result.json[0]["requirements"]}
    assert wanted == {"integrated_lufs": -27.0, "true_peak_dbtp": -4.0}
    assert measure(Audio.load("a.wav")).integrated_lufs == pytest.approx(-27.0, abs=0.2)


def test_missed_target_is_an_error_and_the_file_stays(cli, mel_file, monkeypatch):
    from vocolab.chain import chain
    from vocolab.delivery.target import Requirement

    monkeypatch.setattr(chain, "check", lambda *_: [Requirement("integrated_lufs", -23.0, -20.0, False)])
    result = cli("render", mel_file, *QUICK, "--preset", "broadcast", "-o", "a.wav")
    assert result.code == 1
    assert "a.wav: written, but not within the preset's target" in result.error
    assert "MISSED" in result.err
    assert os.path.exists("a.wav")


def loud(mel_file):
    """The mel 30 dB up: its audio goes over full scale."""
    mel = Mel.load(mel_file)
    Mel(mel.values + np.float32(30 / 20 * np.log(10)), mel.spec).save("loud.safetensors")
    return "loud.safetensors"


def test_bare_output_over_full_scale_is_reported(cli, mel_file):
    result = cli("render", loud(mel_file), *QUICK, "--json")
    assert result.code == 0
    clipped = result.json[0]["clipped_samples"]
    assert clipped > 0
    assert f"{clipped} samples were over full scale (up to +" in result.err
    result = cli("render", loud(mel_file), *QUICK, "--bit-depth", "32", "--json")
    assert result.json[0]["clipped_samples"] == 0
    assert "32-bit float keeps it" in result.err
    assert abs(Audio.load("loud.wav").samples).max() > 1


def test_bare_array_says_what_was_assumed(cli, tmp_path, mel_values, voice_file):
    np.save("a.npy", mel_values.T)
    result = cli("render", "a.npy", "--voice", voice_file)
    assert result.code == 0
    assert "a.npy: the axis order is taken as (frames, n_mels)" in result.err
    assert "no convention stated; taken as hifigan-22k" in result.err
    assert soundfile.info("a.wav").frames == mel_values.shape[1] * HOP


def test_vocoder_without_a_voice_takes_the_convention_of_the_mel(cli, audio_file):
    assert cli("mel", audio_file, "--mel-spec", "studio-48k", "-o", "a.safetensors").code == 0
    result = cli("render", "a.safetensors", *QUICK)
    assert result.code == 0, result.err
    assert soundfile.info("a.wav").samplerate == 48_000
    np.save("bare.npy", Mel.load("a.safetensors").values)
    assert cli("render", "bare.npy", *QUICK, "--mel-spec", "studio-48k").code == 0
    assert soundfile.info("bare.wav").frames == Mel.load("a.safetensors").frames * 512


def test_convertible_mel_is_converted_and_that_is_said(cli, audio_file, voice_file):
    assert cli("mel", audio_file, "--mel-spec", "tacotron2-22k", "-o", "a.safetensors").code == 0
    result = cli("render", "a.safetensors", "--voice", voice_file)
    assert result.code == 0
    assert "converted from tacotron2-22k to hifigan-22k" in result.err


def test_the_voice_that_is_taken_is_named(cli, mel_file, voice_file, monkeypatch):
    import vocolab_hifigan.plugin
    from vocolab.plugins.hookspecs import hookimpl
    from vocolab.plugins.specs import VoiceSource

    @hookimpl
    def vocolab_voices():
        yield VoiceSource(name="tiny", model="hifigan", summary="Noise", file=voice_file, rank=99)

    monkeypatch.setattr(vocolab_hifigan.plugin, "vocolab_voices", vocolab_voices)
    for arguments in ([], ["--vocoder", "hifigan"]):
        result = cli("render", mel_file, *arguments)
        assert result.code == 0, result.err
        assert "voice: vocolab/tiny (vocoder hifigan)" in result.err
    assert "voice: " not in cli("render", mel_file, "--voice", "tiny").err


def test_preset_may_name_the_vocoder(cli, tmp_path, mel_file):
    (tmp_path / "own.toml").write_text(
        'format = 1\nsummary = "own"\n[vocoder]\nuse = "griffinlim"\niterations = 2\n[output]\nbit_depth = 16\n'
    )
    result = cli("render", mel_file, "--preset", "own.toml", "--json")
    assert result.code == 0, result.err
    assert (result.json[0]["vocoder"], result.json[0]["bit_depth"]) == ("griffinlim", 16)


def test_the_seed_changes_the_dither_and_nothing_else_does(cli, mel_file, voice_file):
    written = []
    for seed in (0, 0, 1):
        assert cli("render", mel_file, "--voice", voice_file, "-o", "a.wav", "--seed", seed).code == 0
        with open("a.wav", "rb") as file:
            written.append(file.read())
    assert written[0] == written[1] != written[2]


def test_a_batch_goes_on_and_lists_its_failures(cli, tmp_path, mel_file):
    good = copies(tmp_path, mel_file, 3)
    (tmp_path / "text.npy").write_text("text")
    result = cli("render", good[0], "missing.npy", good[1], "text.npy", good[2], *QUICK, "--json")
    assert result.code == 1
    assert [row["file"] for row in result.json if "error" not in row] == [str(path) for path in good]
    lines = result.err.splitlines()
    assert lines[-1] == "2 of 5 files failed"
    assert lines[-3].startswith("vocolab: error: missing.npy: ")
    assert lines[-2].startswith("vocolab: error: text.npy: ")
    assert {path.name for path in tmp_path.glob("*.wav")} == {"clip0.wav", "clip1.wav", "clip2.wav"}


def test_unexpected_error_in_one_file_does_not_stop_the_others(cli, tmp_path, mel_file, monkeypatch):
    from vocolab.delivery import dispatch

    original = dispatch.encode

    def fail_once(signal, temporary, path, form):
        if path.name == "clip0.wav":
            raise ZeroDivisionError("division by zero")
        return original(signal, temporary, path, form)

    monkeypatch.setattr(dispatch, "encode", fail_once)
    result = cli("render", *copies(tmp_path, mel_file, 2), *QUICK)
    assert result.code == 1
    assert "clip0.safetensors: ZeroDivisionError: division by zero" in result.err
    assert (tmp_path / "clip1.wav").exists()


def test_several_jobs_write_the_same_in_the_same_order(cli, tmp_path, mel_file, voice_file):
    mels = copies(tmp_path, mel_file, 5)
    results = []
    for jobs in (1, 3):
        (tmp_path / f"jobs{jobs}").mkdir()
        results.append(cli("render", *mels, "missing.npy", "--voice", voice_file, "--preset", "broadcast",
                           "--out-dir", f"jobs{jobs}", "--jobs", jobs, "--json"))
    one, three = results
    assert one.code == three.code == 1
    assert [row["file"] for row in one.json] == [row["file"] for row in three.json]
    for path in (tmp_path / "jobs1").iterdir():
        assert path.read_bytes() == (tmp_path / "jobs3" / path.name).read_bytes()
    assert len(list((tmp_path / "jobs3").iterdir())) == 5


def test_interrupted_batch_leaves_nothing_half_done(cli, tmp_path, mel_file, monkeypatch):
    from vocolab.files import writer

    def interrupted(*_arguments):
        raise KeyboardInterrupt

    mels = copies(tmp_path, mel_file, 3)
    monkeypatch.setattr(writer, "_peak", interrupted)
    before = sorted(os.listdir(tmp_path))
    result = cli("render", *mels, *QUICK)
    assert result.code == 130
    assert sorted(os.listdir(tmp_path)) == before


def test_interrupted_processes_leave_whole_files_alone(cli, tmp_path, mel_file, monkeypatch):
    from vocolab.crews.processes import Processes

    usual = Processes.outcomes

    def interrupted(self, *arguments):
        with closing(usual(self, *arguments)) as coming:
            yield next(coming)
            raise KeyboardInterrupt

    mels = copies(tmp_path, mel_file, 6)
    monkeypatch.setattr(Processes, "outcomes", interrupted)
    before = set(os.listdir(tmp_path))
    result = cli("render", *mels, *QUICK, "--jobs", 2)
    assert result.code == 130
    made = set(os.listdir(tmp_path)) - before
    assert 1 <= len(made) < 6
    assert len({Audio.load(tmp_path / name).n_samples for name in made}) == 1
    assert all(name.endswith(".wav") for name in made)


def test_two_inputs_for_one_output_are_refused_before_anything_is_done(cli, tmp_path, mel_file):
    (tmp_path / "other").mkdir()
    Mel.load(mel_file).save(tmp_path / "other" / "speech.safetensors")
    result = cli("render", mel_file, "other/speech.safetensors", *QUICK, "--out-dir", ".")
    assert result.code == 2
    assert "would both be written to speech.wav" in result.error
    assert not (tmp_path / "speech.wav").exists()
    result = cli("render", mel_file, mel_file, *QUICK)
    assert result.code == 2


@pytest.mark.parametrize("place", [("--quiet", "render"), ("render", "--quiet")])
def test_quiet(cli, mel_file, place):
    result = cli(*place, mel_file, *QUICK, "--preset", "broadcast")
    assert (result.code, result.out, result.err) == (0, "", "")
    result = cli(*place, "missing.npy", *QUICK)
    assert (result.code, len(result.err.splitlines())) == (1, 1)


def test_long_mel_is_walked_through_in_blocks(cli, mel_file, voice_file, monkeypatch):
    """The writer sees many blocks, none of them as long as the file."""
    from vocolab.files import writer

    mel = Mel.load(mel_file)
    Mel(np.tile(mel.values, (1, 20)), convention("hifigan-22k")).save("long.safetensors")
    sizes = []
    original = writer._peak

    def counted(block, *arguments):
        sizes.append(block.shape[1])
        return original(block, *arguments)

    monkeypatch.setattr(writer, "_peak", counted)
    assert cli("render", "long.safetensors", "--voice", voice_file).code == 0
    assert sum(sizes) == mel.frames * 20 * HOP
    assert max(sizes) <= 65_536
