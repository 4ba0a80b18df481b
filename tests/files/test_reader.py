"""Audio files in: what is read is what is there, and what is wrong is said in one line."""

import os
import struct

import numpy as np
import pytest
import soundfile

from vocolab.audio import Audio
from vocolab.errors import AudioError
from vocolab.files import decoding
from vocolab.files.reader import open_audio


@pytest.fixture
def noise():
    return np.random.default_rng(3).uniform(-0.5, 0.5, (2, 30_011)).astype(np.float32)


def write(path, samples, rate=48_000, **kwargs):
    soundfile.write(path, samples.T, rate, **kwargs)
    return path


def fails(path):
    with pytest.raises(AudioError) as caught:
        Audio.load(path)
    text = str(caught.value)
    assert text.startswith(f"{path}: ")
    assert "\n" not in text
    return text


def test_float_wav_comes_back_bit_by_bit(tmp_path, noise):
    audio = Audio.load(write(tmp_path / "a.wav", noise, subtype="FLOAT"))
    np.testing.assert_array_equal(audio.samples, noise)
    assert (audio.sample_rate, audio.channels) == (48_000, 2)


@pytest.mark.parametrize(("suffix", "subtype"), [("wav", "PCM_16"), ("flac", "PCM_24"), ("flac", "PCM_16")])
def test_whole_numbers_are_scaled_to_full_scale(tmp_path, suffix, subtype):
    steps = np.array([[0, 1, -1, 16_384, 32_767, -32_768]], dtype=np.int16)
    audio = Audio.load(write(tmp_path / f"a.{suffix}", steps, subtype=subtype))
    np.testing.assert_array_equal(audio.samples * 32_768, steps)


@pytest.mark.parametrize("block", [1000, 4096, 30_011, 100_000])
def test_blocks_join_to_the_whole_and_can_be_walked_again(tmp_path, noise, block):
    file = open_audio(write(tmp_path / "a.wav", noise, subtype="FLOAT"))
    for _ in range(2):
        blocks = list(file.blocks(block))
        assert all(part.dtype == np.float32 and part.shape[1] <= block for part in blocks)
        np.testing.assert_array_equal(np.concatenate(blocks, axis=1), noise)
    assert (file.n_samples, file.format, file.seconds) == (30_011, "WAV FLOAT", 30_011 / 48_000)


def test_missing(tmp_path):
    assert "no such file" in fails(tmp_path / "a.wav")


def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.wav")
    assert "is a pipe" in fails(tmp_path / "a.wav")


def test_folder(tmp_path):
    assert "is a folder" in fails(tmp_path)


def test_empty(tmp_path):
    (tmp_path / "a.wav").touch()
    assert "is empty" in fails(tmp_path / "a.wav")


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.raw", "a.mp3", "a"])
def test_text(tmp_path, name):
    (tmp_path / name).write_text("this is no audio\n" * 100)
    assert "not an audio file" in fails(tmp_path / name)


def test_no_samples(tmp_path):
    assert "holds no samples" in fails(write(tmp_path / "a.wav", np.zeros((1, 0), np.float32)))


@pytest.mark.parametrize("kept", [0.3, 0.9, 0.999])
def test_truncated_flac(tmp_path, noise, kept):
    path = write(tmp_path / "a.flac", noise)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    assert "truncated" in fails(path)


def test_wav_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path, noise):
    path = write(tmp_path / "a.wav", noise, subtype="FLOAT")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) - 8 * 10_000])
    np.testing.assert_array_equal(Audio.load(path).samples, noise[:, :20_011])


def test_wav_from_a_pipe_states_no_length(tmp_path, noise):
    path = write(tmp_path / "a.wav", noise, subtype="PCM_16")
    data = bytearray(path.read_bytes())
    data[4:8] = struct.pack("<I", 0xFFFF_FFFF)
    at = data.index(b"data") + 4
    data[at : at + 4] = struct.pack("<I", 0xFFFF_FFFF)
    path.write_bytes(data)
    assert Audio.load(path).n_samples == noise.shape[1]


def test_length_that_the_stream_does_not_state_is_counted(tmp_path, noise, monkeypatch):
    monkeypatch.setattr(decoding, "_UNKNOWN_LENGTH", 1)
    assert open_audio(write(tmp_path / "a.flac", noise)).n_samples == noise.shape[1]


def test_flac_that_claims_more_than_memory_holds(tmp_path, noise):
    """2**36 - 1 samples in the header are no reason to ask for 256 GB."""
    path = write(tmp_path / "a.flac", noise)
    data = bytearray(path.read_bytes())
    assert data[:4] == b"fLaC"
    data[21] |= 0x0F
    data[22:26] = b"\xff\xff\xff\xff"
    path.write_bytes(data)
    assert "truncated" in fails(path)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_not_finite(tmp_path, noise, value):
    noise[1, 24_000] = value
    text = fails(write(tmp_path / "a.wav", noise, subtype="FLOAT"))
    assert f"{value} at sample 24000 (0.500 s) of channel 2" in text


@pytest.mark.parametrize("value", [1e20, -1e15])
def test_a_sample_beyond_all_bounds(tmp_path, noise, value):
    noise[1, 24_000] = value
    text = fails(write(tmp_path / "a.wav", noise, subtype="FLOAT"))
    assert f"{value:.4g} at sample 24000 (0.500 s) of channel 2; full scale is 1" in text


def test_double_beyond_float32(tmp_path):
    samples = np.array([[0.0, 1e300]])
    assert "inf at sample 1" in fails(write(tmp_path / "a.wav", samples, subtype="DOUBLE"))


@pytest.mark.parametrize("rate", [1, 3999, 768_001])
def test_sample_rates_that_no_audio_has(tmp_path, rate):
    path = write(tmp_path / "a.wav", np.zeros((1, 100), np.float32), rate)
    assert f"{rate} Hz; allowed: 4000 to 768000 Hz" in fails(path)


def test_too_many_channels(tmp_path):
    path = write(tmp_path / "a.wav", np.zeros((65, 100), np.float32))
    assert "65 channels; allowed: 1 to 64" in fails(path)
