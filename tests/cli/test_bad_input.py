"""Everything that users hand over by mistake: one clear line, exit code 1 or 2, and no file left behind."""

from __future__ import annotations

import errno
import io
import json
import os
import pickle

import numpy as np
import pytest
from full_disk import full_disk
from speechlike import speechlike

from vocolab.mels.conventions import convention
from vocolab.mels.extract import extract
from vocolab.mels.mel import Mel
from vocolab.mels.plausible import plausible_mel


class Bomb:
    """A pickle that would leave a file behind when it is read."""

    def __reduce__(self):
        return os.mkdir, ("exploded",)


def npy(array, **options):
    stream = io.BytesIO()
    np.save(stream, array, **options)
    return stream.getvalue()


def npz(array):
    stream = io.BytesIO()
    np.savez(stream, one=array, other=array)
    return stream.getvalue()


def flat(n_mels=80, frames=50, value=-5.0, dtype=np.float32):
    return np.full((n_mels, frames), value, dtype)


def with_value(value):
    array = flat()
    array[7, 11] = value
    return array


def diffwave_mel():
    return extract(speechlike(1.0), convention("diffwave-22k")).values


MELS = {
    "text": (b"-5.0 -5.0\n" * 100, ["text file", ".npy"]),
    "empty": (b"", ["the file is empty"]),
    "pickled": (npy(np.array([Bomb()], dtype=object), allow_pickle=True), ["pickled Python objects", "not loaded"]),
    "raw pickle": (pickle.dumps(Bomb()), ["pickle", "not loaded"]),
    "npz": (npz(flat()), [".npz archive", "one, other"]),
    "truncated": (npy(flat())[:-100], ["cut off"]),
    "header of a huge array": (npy(flat())[:80].replace(b"(80, 50)", b"(80, 9" + b"9" * 10 + b")"), ["damaged"]),
    "1-D": (npy(np.full(800, -5, np.float32)), ["its shape is (800,)"]),
    "3-D": (npy(np.stack([flat(), flat()])), ["its shape is (2, 80, 50)"]),
    "NaN": (npy(with_value(np.nan)), ["NaN"]),
    "infinity": (npy(with_value(np.inf)), ["inf"]),
    "no frames": (npy(flat(frames=0)), ["no frames", "(80, 0)"]),
    "79 bands": (npy(flat(79)), ["80", "79"]),
    "whole numbers": (npy(flat(dtype=np.int16)), ["int16"]),
    "complex": (npy(flat(dtype=np.complex64)), ["complex64"]),
    "DiffWave": (npy(diffwave_mel()), ["[0, 1]", "diffwave-22k"]),
}


@pytest.mark.parametrize("name", MELS)
def test_mels(cli, tmp_path, voice_file, unchanged, name):
    data, said = MELS[name]
    (tmp_path / "mel.npy").write_bytes(data)
    unchanged()
    result = cli("render", "mel.npy", "--voice", voice_file)
    assert result.code == 1
    assert result.error.startswith("mel.npy: ")
    for words in said:
        assert words in result.error
    assert not (tmp_path / "exploded").exists()


def test_mel_of_another_convention(cli, tmp_path, voice_file, unchanged):
    spec = convention("bigvgan-44k")
    Mel(plausible_mel(spec, 50, np.random.default_rng(1)), spec).save(tmp_path / "mel.safetensors")
    unchanged()
    result = cli("render", "mel.safetensors", "--voice", voice_file)
    assert result.code == 1
    for words in ("mel.safetensors: ", "bigvgan-44k", "hifigan-22k", "sample_rate 44100 instead of 22050"):
        assert words in result.error


def test_mel_said_to_be_of_another_convention(cli, tmp_path, voice_file, unchanged):
    spec = convention("bigvgan-44k")
    (tmp_path / "mel.npy").write_bytes(npy(plausible_mel(spec, 50, np.random.default_rng(1))))
    unchanged()
    result = cli("render", "mel.npy", "--voice", voice_file, "--mel-spec", "bigvgan-44k")
    assert result.code == 1
    assert "sample_rate 44100 instead of 22050" in result.error


@pytest.mark.parametrize(
    "arguments",
    [["render", "missing", "--vocoder", "griffinlim"], ["mel", "missing"], ["measure", "missing"],
     ["inspect", "missing"], ["master", "missing", "--preset", "none"],
     ["convert", "missing", "--vocoder", "hifigan", "-o", "v.safetensors"]],
    ids=lambda arguments: arguments[0],
)
@pytest.mark.parametrize("suffix", ["npy", "flac", "pt"])
def test_missing_files(cli, unchanged, arguments, suffix):
    unchanged()
    result = cli(*[f"missing.{suffix}" if word == "missing" else word for word in arguments])
    assert result.code == 1
    assert "missing." in result.error or "config.json" in result.error
    assert "no such file" in result.error.lower()


@pytest.mark.parametrize(
    "arguments",
    [["mel", "a.wav"], ["measure", "a.wav"], ["inspect", "a.wav"], ["master", "a.wav", "--preset", "broadcast"]],
    ids=lambda arguments: arguments[0],
)
@pytest.mark.parametrize("content", [b"", b"some text\n" * 50, b"RIFF\x00\x00"])
def test_audio_that_is_none(cli, tmp_path, unchanged, arguments, content):
    (tmp_path / "a.wav").write_bytes(content)
    unchanged()
    result = cli(*arguments)
    assert result.code == 1
    assert result.error.startswith("a.wav: ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--vocoder", "hifgan"], "there is no vocoder named 'hifgan'. Did you mean 'hifigan'?"),
        (["--voice", "hifigan-23k"], "there is no voice named 'hifigan-23k'. Did you mean 'hifigan-22k'?"),
        (["--vocoder", "griffinlim", "--preset", "brodcast"], "no preset named 'brodcast'. Did you mean 'broadcast'?"),
        (["--vocoder", "griffinlim", "--mel-spec", "hifigan-23k"], "Did you mean 'hifigan-22k'?"),
        (["--vocoder", "griffinlim", "--preset", "broadcast", "--set", "limter.ceiling_dbtp=-2"],
         "no effect 'limter'. Did you mean 'limiter'?"),
        (["--vocoder", "griffinlim", "--preset", "broadcast", "--set", "limiter.ceiling=-2"],
         "Did you mean 'ceiling_dbtp'?"),
        (["--vocoder", "griffinlim", "--preset", "broadcast", "--set", "limiter.ceiling_dbtp=6"], "less than or equal"),
        (["--vocoder", "griffinlim", "--preset", "broadcast", "--set", "limiter.ceiling_dbtp"], "effect.option=value"),
        (["--vocoder", "griffinlim", "--set", "vocoder.iteration=2"], "Did you mean 'iterations'?"),
        (["--vocoder", "griffinlim", "-o", "a.aac"], "allowed: .wav, .flac, .ogg, .opus, .mp3"),
        (["--vocoder", "griffinlim", "-o", "a.mp3", "--bit-depth", "16"], "MP3 has no bit depth"),
        (["--vocoder", "griffinlim", "-o", "a.mp3", "--bitrate-kbps", "100"], "MP3 at 100 kbps; allowed: 32, 40"),
        (["--vocoder", "griffinlim", "-o", "a.opus", "--quality", "3"], "Opus has no quality setting"),
        (["--vocoder", "griffinlim", "-o", "a.opus", "--sample-rate", "44100"], "Opus can't hold 44100 Hz; allowed:"),
        (["--vocoder", "griffinlim", "-o", "a.wav", "--format", "mp3"], "contradict each other"),
        (["--vocoder", "griffinlim", "--tag", "gnre=x"], "did you mean genre? names: title"),
        (["--vocoder", "griffinlim", "--report", "r.txt"], "a report is .json or .html"),
        (["--vocoder", "griffinlim", "-o", "a.flac", "--bit-depth", "32"], "allowed: 16, 24"),
        (["--vocoder", "griffinlim", "-o", "a.wav", "--out-dir", "."], "exclude each other"),
        (["--vocoder", "griffinlim", "-o", "speech.safetensors"], "is an input"),
        (["--set", "vocoder.sampler=ddim", "vocoder.steps=4", "-o", "a.wav"],
         "harmonic sampler, steps: unknown options"),
        (["--vocoder", "griffinlim", "--preset", "missing.toml"], "missing.toml"),
    ],
)
def test_wrong_words(cli, mel_file, unchanged, arguments, said):
    unchanged()
    result = cli("render", mel_file.name, *arguments)
    assert result.code == 2
    assert said in result.error


def test_all_problems_of_a_preset_at_once(cli, tmp_path, mel_file, unchanged):
    (tmp_path / "bad.toml").write_text(
        'format = 1\nsummary = "bad"\n[[effects]]\nuse = "limter"\n[[effects]]\nuse = "limiter"\nceiling_dbtp = 3.0\n'
        "lookahead = 2.0\n"
    )
    unchanged()
    for call in (["check", "bad.toml"], ["render", mel_file.name, "--vocoder", "griffinlim", "--preset", "bad.toml"]):
        result = cli(*call)
        assert result.code == 2
        lines = [line.removeprefix("vocolab: error: ") for line in result.err.splitlines()]
        assert [line.split(": ")[0].rpartition("/")[2] for line in lines] == ["bad.toml:4", "bad.toml:7", "bad.toml:8"]


def test_preset_with_a_syntax_error(cli, tmp_path, unchanged):
    (tmp_path / "bad.toml").write_text('format = 1\nsummary = "bad\n')
    unchanged()
    result = cli("check", "bad.toml")
    assert result.code == 2
    assert "bad.toml:2: " in result.error


def checkpoint(folder, values=None):
    """A published HiFi-GAN checkpoint, as `torch.save` writes it, with its config."""
    import torch

    from vocolab_hifigan.config import HifiGanConfig
    from vocolab_hifigan.generator import HifiGanGenerator

    sizes = {"upsample_rates": [8, 8, 4], "upsample_kernel_sizes": [16, 16, 8], "upsample_initial_channel": 16}
    network = HifiGanGenerator(HifiGanConfig(**sizes), convention("hifigan-22k"))
    torch.save({"generator": network.state_dict()}, folder / "g_00000001")
    config = {
        **sizes, "resblock": "1", "resblock_kernel_sizes": [3, 7, 11], "num_mels": 80, "n_fft": 1024, "win_size": 1024,
        "resblock_dilation_sizes": [[1, 3, 5]] * 3, "hop_size": 256, "sampling_rate": 22050, "fmin": 0, "fmax": 8000,
    }
    (folder / "config.json").write_text(json.dumps(config | (values or {})))
    return folder / "g_00000001"


CONVERT = ("convert", "g_00000001", "--vocoder", "hifigan", "-o", "voice.safetensors")


def test_checkpoint_that_is_right(cli, tmp_path):
    checkpoint(tmp_path)
    result = cli(*CONVERT)
    assert result.code == 0, result.err
    assert "hifigan-22k (22050 Hz, 80 bands 0 to 8000 Hz" in result.err
    assert "parameters" in result.err
    assert cli("inspect", "voice.safetensors", "--json").json["model"] == "hifigan"


@pytest.mark.parametrize("kept", [0, 3, 0.5, 0.99])
def test_truncated_checkpoint(cli, tmp_path, unchanged, kept):
    path = checkpoint(tmp_path)
    data = path.read_bytes()
    path.write_bytes(data[: kept if isinstance(kept, int) else int(len(data) * kept)])
    unchanged()
    result = cli(*CONVERT)
    assert result.code == 1
    assert "g_00000001" in result.error


def test_pickle_that_runs_code(cli, tmp_path, unchanged):
    import torch

    path = checkpoint(tmp_path)
    torch.save({"generator": Bomb()}, path)
    unchanged()
    result = cli(*CONVERT)
    assert result.code == 1
    assert "g_00000001" in result.error
    assert not (tmp_path / "exploded").exists()


@pytest.mark.parametrize(
    "values",
    [{"upsample_initial_channel": 32}, {"upsample_rates": [8, 8, 2]}, {"num_mels": 100}, {"resblock": "2"},
     {"upsample_kernel_sizes": [15, 16, 8]}, {"hop_size": 300}],
    ids=lambda values: next(iter(values)),
)
def test_config_that_does_not_fit_the_weights(cli, tmp_path, unchanged, values):
    checkpoint(tmp_path, values)
    unchanged()
    assert cli(*CONVERT).code in (1, 2)


def test_convert_for_a_vocoder_without_checkpoints(cli, tmp_path, unchanged):
    checkpoint(tmp_path)
    unchanged()
    result = cli("convert", "g_00000001", "--vocoder", "griffinlim", "-o", "voice.safetensors")
    assert result.code == 2
    assert "reads no published checkpoints" in result.error


def test_damaged_voice(cli, tmp_path, mel_file, voice_file, unchanged):
    data = bytearray(voice_file.read_bytes())
    data[-1] ^= 1
    (tmp_path / "damaged.safetensors").write_bytes(data)
    (tmp_path / "short.safetensors").write_bytes(data[:-100])
    unchanged()
    for name in ("damaged", "short"):
        for call in (["render", mel_file.name, "--voice", f"{name}.safetensors"], ["inspect", f"{name}.safetensors"]):
            result = cli(*call)
            assert result.code == 1
            assert f"{name}.safetensors" in result.error
            assert "damaged" in result.error


def test_mel_for_a_voice(cli, mel_file, unchanged):
    unchanged()
    result = cli("render", mel_file.name, "--voice", mel_file.name)
    assert result.code == 1
    assert "not a vocolab voice" in result.error


def writers(mel_file, audio_file):
    return {
        "render": ["render", mel_file, "--vocoder", "griffinlim", "--set", "vocoder.iterations=1", "-o"],
        "mel": ["mel", audio_file, "--mel-spec", "studio-48k", "-o"],
        "master": ["master", audio_file, "--preset", "none", "-o"],
    }


NAMES = {"render": "out.wav", "mel": "out.npy", "master": "out.flac"}


@pytest.mark.parametrize("command", NAMES)
def test_output_folder_that_is_no_folder(cli, tmp_path, mel_file, audio_file, unchanged, command):
    (tmp_path / "file").write_text("no folder")
    call = writers(mel_file, audio_file)[command]
    unchanged()
    result = cli(*call, f"file/{NAMES[command]}")
    assert (result.code, "is not a folder" in result.error) == (1, True), result.err
    for folder, said in (("file", "is not a folder"), ("file/below", "can't be created: Not a directory")):
        result = cli(*call[:-1], "--out-dir", folder)
        assert (result.code, said in result.error) == (1, True), result.err


@pytest.mark.parametrize("command", NAMES)
def test_output_folder_is_created(cli, tmp_path, mel_file, audio_file, command):
    assert cli(*writers(mel_file, audio_file)[command][:-1], "--out-dir", "new/folder").code == 0
    assert len(list((tmp_path / "new" / "folder").iterdir())) == 1
    assert cli(*writers(mel_file, audio_file)[command], f"other/folder/{NAMES[command]}").code == 0
    assert (tmp_path / "other" / "folder" / NAMES[command]).is_file()


def test_a_wrong_call_creates_no_folder(cli, mel_file, audio_file, unchanged):
    unchanged()
    assert cli("master", audio_file, audio_file, "--preset", "none", "--out-dir", "new").code == 2
    assert cli("master", audio_file, "--preset", "none", "--format", "mp3", "--bit-depth", "24",
               "--out-dir", "new").code == 2


@pytest.mark.parametrize("command", NAMES)
def test_read_only_folder(cli, monkeypatch, mel_file, audio_file, unchanged, command):
    """Tests may run as root, whom no folder refuses; so the answer of the system is put in its mouth."""
    from vocolab.files import atomic

    really_open = os.open

    def refuse(path, flags, *others):
        if flags & os.O_CREAT:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return really_open(path, flags, *others)

    unchanged()
    with monkeypatch.context() as patched:
        patched.setattr(atomic.os, "open", refuse)
        result = cli(*writers(mel_file, audio_file)[command], NAMES[command])
    assert result.code == 1
    assert "can't be written to" in result.error


@pytest.mark.parametrize("command", NAMES)
def test_disk_that_is_full(cli, mel_file, audio_file, unchanged, command):
    call = writers(mel_file, audio_file)[command]
    unchanged()
    with full_disk(5_000):
        result = cli(*call, NAMES[command])
    assert result.code == 1
    assert "no space left" in result.error


def test_disk_that_is_full_when_a_voice_is_written(cli, tmp_path, unchanged):
    checkpoint(tmp_path)
    unchanged()
    with full_disk(5_000):
        result = cli(*CONVERT)
    assert result.code == 1
    assert "no space left" in result.error
