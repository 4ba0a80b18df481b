"""Audio files out: exact, dithered once, the same for any blocks, whole or not at all."""

import hashlib
import os
import struct

import numpy as np
import pytest
import soundfile
from full_disk import full_disk
from hypothesis import given, settings
from hypothesis import strategies as st
from signals import Cut

from vocolab.audio import Audio
from vocolab.errors import AudioError, CallError, OutputError
from vocolab.files import writer
from vocolab.files.formats import Form
from vocolab.files.tags import Tags
from vocolab.files.writer import write_audio

WRITABLE = [("wav", 16), ("wav", 24), ("wav", 32), ("flac", 16), ("flac", 24)]


@pytest.fixture
def audio():
    return Audio(np.random.default_rng(5).uniform(-0.9, 0.9, (2, 20_011)).astype(np.float32), 44_100)


@pytest.mark.parametrize(("suffix", "bits"), WRITABLE)
def test_form_and_precision(tmp_path, audio, suffix, bits):
    path = tmp_path / f"a.{suffix}"
    report = write_audio(audio, path, Form(bit_depth=bits))
    info = soundfile.info(path)
    assert (info.samplerate, info.channels, info.frames) == (44_100, 2, 20_011)
    assert info.subtype == {16: "PCM_16", 24: "PCM_24", 32: "FLOAT"}[bits]
    assert info.format == suffix.upper()
    error = (Audio.load(path).samples - audio.samples) * 2.0 ** (bits - 1)
    if bits == 32:
        assert not error.any()
    else:
        assert abs(error).max() <= 1.5, "one step of dither and half a step of rounding"
        assert error.var() == pytest.approx(0.25, rel=0.05)
        assert abs(error.mean()) < 0.02, "libsndfile's floor would leave -0.5"
    assert (report.bit_depth, report.clipped_samples, report.n_samples) == (bits, 0, 20_011)
    assert report.peak == abs(audio.samples).max()
    assert os.listdir(tmp_path) == [path.name]


@settings(max_examples=15, deadline=None)
@given(sizes=st.lists(st.integers(1, 5000), max_size=8), form=st.sampled_from(WRITABLE))
def test_any_blocks_write_the_same_bytes(tmp_path_factory, sizes, form):
    suffix, bits = form
    folder = tmp_path_factory.mktemp("cut")
    audio = Audio(np.random.default_rng(5).uniform(-1.1, 1.1, (2, 7001)).astype(np.float32), 44_100)
    whole = write_audio(audio, folder / f"whole.{suffix}", Form(bit_depth=bits, seed=9))
    cut = write_audio(Cut(audio, [*sizes, audio.n_samples]), folder / f"cut.{suffix}", Form(bit_depth=bits, seed=9))
    assert Audio.load(whole.path).samples.tobytes() == Audio.load(cut.path).samples.tobytes()
    if suffix == "wav":
        assert whole.path.read_bytes() == cut.path.read_bytes()
    assert whole.clipped_samples == cut.clipped_samples


@pytest.mark.parametrize("n_samples", [0, 1, 1001])
def test_float_files_do_not_hold_the_time(tmp_path, n_samples):
    audio = Audio(np.full((1, n_samples), 0.25, np.float32), 44_100)
    tags = Tags(title="odd")
    path = write_audio(audio, tmp_path / "now.wav", Form(bit_depth=32, tags=tags)).path
    data = path.read_bytes()
    peak = data.index(b"PEAK")
    assert struct.unpack_from("<II", data, peak + 8) == (1, 0), "version and seconds since 1970"
    if n_samples:
        assert struct.unpack_from("<f", data, peak + 16) == (0.25,)
    assert soundfile.info(path).frames == n_samples


def test_the_seed_makes_the_dither(tmp_path, audio):
    digests = []
    for seed in (0, 0, 1):
        write_audio(audio, tmp_path / "a.wav", Form(bit_depth=16, seed=seed))
        digests.append(hashlib.sha256((tmp_path / "a.wav").read_bytes()).hexdigest())
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize(("suffix", "bits"), WRITABLE)
def test_silence_stays_silent(tmp_path, suffix, bits):
    write_audio(Audio(np.zeros((1, 5000), np.float32), 48_000), tmp_path / f"a.{suffix}", Form(bit_depth=bits))
    assert not Audio.load(tmp_path / f"a.{suffix}").samples.any()


@pytest.mark.parametrize(("suffix", "bits"), [form for form in WRITABLE if form[1] != 32])
def test_over_full_scale_is_counted_and_limited(tmp_path, suffix, bits):
    t = np.arange(4800) / 48_000
    samples = (2.0 * np.sin(2 * np.pi * 100 * t)).astype(np.float32)[None]
    report = write_audio(Audio(samples, 48_000), tmp_path / f"a.{suffix}", Form(bit_depth=bits))
    assert report.clipped_samples == np.count_nonzero(abs(samples) > 1)
    assert report.peak_dbfs == pytest.approx(6.02, abs=0.01)
    written = Audio.load(tmp_path / f"a.{suffix}").samples
    assert (np.sign(written[abs(samples) > 0.1]) == np.sign(samples[abs(samples) > 0.1])).all(), "wrapped"


def test_float_keeps_what_is_over_full_scale(tmp_path):
    samples = np.array([[0.5, -3.0, 2.0]], dtype=np.float32)
    report = write_audio(Audio(samples, 48_000), tmp_path / "a.wav", Form(bit_depth=32))
    assert (report.clipped_samples, report.peak) == (0, 3.0)
    np.testing.assert_array_equal(Audio.load(tmp_path / "a.wav").samples, samples)


@pytest.mark.parametrize(
    ("name", "bits", "channels", "said"),
    [
        ("a.aac", 16, 1, "'.aac' names no format that audio can be written in; allowed: .wav, .flac, .ogg"),
        ("a", 16, 1, "has no suffix"),
        ("a.flac", 32, 1, "FLAC can't hold a bit depth of 32; allowed: 16, 24"),
        ("a.wav", 20, 1, "WAV can't hold a bit depth of 20; allowed: 16, 24, 32"),
        ("a.flac", 16, 9, "FLAC holds 1 to 8 channels, not 9"),
    ],
)
def test_calls_that_can_not_work(tmp_path, name, bits, channels, said):
    with pytest.raises(CallError, match=said):
        write_audio(Audio(np.zeros((channels, 10), np.float32), 48_000), tmp_path / name, Form(bit_depth=bits))
    assert os.listdir(tmp_path) == []


def test_suffix_in_capitals(tmp_path, audio):
    write_audio(audio, tmp_path / "A.WAV")
    assert soundfile.info(tmp_path / "A.WAV").subtype == "PCM_24"


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_not_finite_is_refused(tmp_path, audio, value):
    audio.samples[1, 15_000] = value
    with pytest.raises(AudioError, match="not finite at sample 15000"):
        write_audio(audio, tmp_path / "a.wav", Form(bit_depth=32))
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(("suffix", "bits"), WRITABLE)
@pytest.mark.parametrize("room", [20, 5000, 30_000])
def test_full_disk(tmp_path, audio, suffix, bits, room):
    (tmp_path / f"a.{suffix}").write_bytes(b"old")
    with full_disk(room), pytest.raises(OutputError, match="no space left"):
        write_audio(audio, tmp_path / f"a.{suffix}", Form(bit_depth=bits))
    assert os.listdir(tmp_path) == [f"a.{suffix}"]
    assert (tmp_path / f"a.{suffix}").read_bytes() == b"old"


def test_failure_of_the_signal_leaves_nothing(tmp_path, audio):
    def blocks(_block_samples=0):
        yield audio.samples[:, :1000]
        raise KeyboardInterrupt

    signal = Cut(audio, [audio.n_samples])
    signal.blocks = blocks
    with pytest.raises(KeyboardInterrupt):
        write_audio(signal, tmp_path / "a.flac")
    assert os.listdir(tmp_path) == []


def test_wav_beyond_4_gb_is_rf64(tmp_path, audio, monkeypatch):
    monkeypatch.setattr(writer, "LARGEST_WAV_BYTES", audio.n_samples * 2 * 3 - 1)
    write_audio(audio, tmp_path / "a.wav", Form(bit_depth=24))
    assert (tmp_path / "a.wav").read_bytes()[:4] == b"RF64"
    assert abs(Audio.load(tmp_path / "a.wav").samples - audio.samples).max() < 2.0**-22
