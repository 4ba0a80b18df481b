"""`vocolab render`: --denoise and --refine, and how often a vocoder runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.catalog import Catalog
from vocolab.mels.extract import extract
from vocolab.mels.mel import Mel
from vocolab.rendering import open_vocoder
from vocolab.voice import Voice

QUICK = ("--vocoder", "griffinlim", "--set", "vocoder.iterations=2")


def rendered(cli, *arguments):
    result = cli("render", *arguments, "-o", "a.wav", "--bit-depth", "32", "--json")
    assert result.code == 0, result.err
    return Audio.load("a.wav").samples, result


def mel_distance(samples, mel):
    own = extract(Audio(samples, mel.spec.sample_rate), mel.spec).values[:, : mel.frames]
    return float(np.abs(own - mel.values).mean())


@pytest.fixture
def advising_voice(voice_file, tmp_path):
    """The tiny voice, recommending three rounds."""
    path = tmp_path / "advising.safetensors"
    replace(Voice.load(voice_file), recommended={"refine": 3}).save(path)
    return path


def test_refinement_brings_the_file_to_its_mel(cli, mel_file, voice_file):
    mel = Mel.load(mel_file)
    plain, said_nothing = rendered(cli, mel_file, "--voice", voice_file)
    refined, result = rendered(cli, mel_file, "--voice", voice_file, "--refine", 4)
    assert refined.shape == plain.shape
    assert mel_distance(refined, mel) < 0.3 * mel_distance(plain, mel)
    assert "refine: 4 rounds\n" in result.err
    assert result.json[0]["refine"] == 4
    assert "refine:" not in said_nothing.err
    assert (said_nothing.json[0]["refine"], said_nothing.json[0]["denoise_db"]) == (0, None)


def test_a_voice_recommends_and_the_user_decides(cli, mel_file, voice_file, advising_voice):
    plain, _ = rendered(cli, mel_file, "--voice", voice_file)
    asked, _ = rendered(cli, mel_file, "--voice", voice_file, "--refine", 3)
    advised, result = rendered(cli, mel_file, "--voice", advising_voice)
    np.testing.assert_array_equal(advised, asked)
    assert "refine: 3 rounds, as the voice recommends; --refine 0 switches it off" in result.err
    off, result = rendered(cli, mel_file, "--voice", advising_voice, "--refine", 0)
    np.testing.assert_array_equal(off, plain)
    assert "refine:" not in result.err
    one, result = rendered(cli, mel_file, "--voice", advising_voice, "--set", "vocoder.refine=1")
    assert "refine: 1 round\n" in result.err
    assert not np.array_equal(one, asked)


def test_what_a_voice_recommends_is_told_with_it(cli, advising_voice):
    assert "recommended  refine 3" in " ".join(cli("inspect", advising_voice).out.split("\n")).replace("   ", "  ")
    assert cli("inspect", advising_voice, "--json").json["recommended"] == {"refine": 3}


def test_the_denoiser_takes_what_the_voice_makes_of_silence(cli, mel_file, voice_file):
    mel = Mel.load(mel_file)
    Mel(np.full((80, 60), mel.spec.silence, np.float32), mel.spec).save("silence.safetensors")
    plain, _ = rendered(cli, "silence.safetensors", "--voice", voice_file)
    denoised, result = rendered(cli, "silence.safetensors", "--voice", voice_file, "--denoise", 0)
    assert "denoise: +0 dB" in result.err
    inner = slice(10 * 256, -10 * 256)
    assert 20 * np.log10(denoised[:, inner].std() / plain[:, inner].std()) < -25


def test_a_preset_may_ask_for_both(cli, mel_file, voice_file, tmp_path):
    table = 'format = 1\nsummary = "own"\n[vocoder]\nuse = "griffinlim"\niterations = 2\n'
    (tmp_path / "own.toml").write_text(table + "refine = 2\ndenoise_db = -6.0\n")
    result = cli("render", mel_file, "--preset", "own.toml", "--json")
    assert result.code == 0, result.err
    assert (result.json[0]["refine"], result.json[0]["denoise_db"]) == (2, -6.0)
    assert "refine: 2 rounds\n" in result.err and "recommends" not in result.err
    result = cli("render", mel_file, "--preset", "own.toml", "--refine", 0, "--denoise", 3, "--json")
    assert (result.json[0]["refine"], result.json[0]["denoise_db"]) == (0, 3.0)
    (tmp_path / "own.toml").write_text(table + "refine = -1\nrefin = 2\n")
    result = cli("check", "own.toml")
    assert result.code != 0
    assert "own.toml:6: [vocoder] refine: input should be greater than or equal to 0" in result.err + result.out
    assert "own.toml:7: [vocoder] (griffinlim) refin: unknown option" in result.err + result.out


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--refine", "-1"], "postfilter refine: input should be greater than or equal to 0"),
        (["--refine", "1001"], "postfilter refine: input should be less than or equal to 1000"),
        (["--denoise", "41"], "postfilter denoise_db: input should be less than or equal to 40"),
        (["--denoise", "nan"], "postfilter denoise_db: input should be a finite number"),
    ],
)
def test_out_of_range_is_refused(cli, mel_file, arguments, error):
    result = cli("render", mel_file, *QUICK, *arguments)
    assert result.code == 2
    assert error in result.error


def test_the_file_is_what_the_python_api_renders(cli, mel_file, voice_file):
    samples, _ = rendered(cli, mel_file, "--voice", voice_file, "--refine", 2, "--denoise", 3)
    renderer = open_vocoder(Catalog.installed(), None, str(voice_file), denoise_db=3.0, refine=2)
    np.testing.assert_array_equal(samples, renderer(Mel.load(mel_file)).samples)


@pytest.mark.parametrize("form", [("a.opus", "--bitrate-kbps", "24"), ("a.ogg", "--quality", "0")])
def test_however_often_a_codec_is_corrected_the_vocoder_runs_once(cli, mel_file, monkeypatch, form):
    from vocolab_griffinlim.vocoder import GriffinLim

    mel = Mel.load(mel_file)
    Mel(np.tile(mel.values, (1, 4)), mel.spec).save("longer.safetensors")
    calls = []
    original = GriffinLim.render

    def counted(self, mel, **place):
        calls.append(place["first_frame"])
        return original(self, mel, **place)

    monkeypatch.setattr(GriffinLim, "render", counted)
    result = cli("render", "longer.safetensors", *QUICK, "--preset", "broadcast", "-o", *form, "--json",
                 "--set", "limiter.ceiling_dbtp=-14", "--set", "loudness.target_lufs=-24", "--allow-miss")
    assert result.code == 0, result.err
    assert result.json[0]["rounds"] > 1, "this test needs a codec that overshoots"
    assert calls == [0]
