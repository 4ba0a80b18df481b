"""Audio that is wrong in every way, for `vocolab master`: one clear line, nothing half-written, the batch goes on."""

from __future__ import annotations

import struct

import numpy as np
import pytest
import soundfile
from speechlike import speechlike

from vocolab.audio import Audio
from vocolab.loudness import measure


def wav(samples, rate_hz=44_100):
    """A float WAV of (channels, samples), whatever is in them."""

    def write(path):
        soundfile.write(path, samples.T, rate_hz, subtype="FLOAT", format="WAV")

    return write


def data(content):
    return lambda path: path.write_bytes(content)


def with_value(value):
    samples = 0.1 * np.ones((2, 5000), np.float32)
    samples[1, 3000] = value
    return wav(samples)


def truncated_flac(path):
    speechlike(2.0, 44_100).save(path.with_suffix(".flac"))
    content = path.with_suffix(".flac").read_bytes()
    path.with_suffix(".flac").unlink()
    path.write_bytes(content[: len(content) // 2])


def header(channels=1, rate_hz=44_100, bits=16, size=400):
    """A WAV of 200 samples whose header says what it likes."""
    block = channels * bits // 8
    form = struct.pack("<HHIIHH", 1, channels, rate_hz, rate_hz * block, block, bits)
    body = b"WAVEfmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", size) + bytes(400)
    return data(b"RIFF" + struct.pack("<I", len(body)) + body)


BAD = {
    "empty": (data(b""), "the file is empty"),
    "text": (data(b"some text\n" * 50), "not an audio file that can be read"),
    "no samples": (wav(np.zeros((1, 0), np.float32)), "the file holds no samples"),
    "NaN": (with_value(np.nan), "nan at sample 3000 (0.068 s) of channel 2; audio has to be finite"),
    "infinity": (with_value(-np.inf), "-inf at sample 3000"),
    "7 channels": (wav(np.zeros((7, 5000), np.float32) + 0.1), "1 to 6 channels, not 7; mix down first"),
    "truncated FLAC": (truncated_flac, "truncated"),
    "header of no rate": (header(rate_hz=0), ""),
    "header of no channels": (header(channels=0), ""),
    "header of 1 kHz": (header(rate_hz=1000), "a sample rate of 1000 Hz; allowed: 4000 to 768000 Hz"),
}


@pytest.mark.parametrize("name", BAD)
def test_one_line_and_nothing_written(cli, tmp_path, unchanged, name):
    write, said = BAD[name]
    write(tmp_path / "bad.wav")
    unchanged()
    result = cli("master", "bad.wav", "--preset", "broadcast")
    assert result.code == 1
    assert result.error.startswith("bad.wav: ")
    assert said in result.error


@pytest.mark.parametrize("options", [(), ("--jobs", "3"), ("--album",)])
def test_a_batch_of_all_of_them_goes_on(cli, tmp_path, options):
    good = []
    for number, (write, _) in enumerate(BAD.values()):
        write(tmp_path / f"bad{number}.wav")
    for number in (1, 2):
        good.append(f"good{number}.wav")
        speechlike(1.0, 44_100).save(tmp_path / good[-1])
    bad = [f"bad{number}.wav" for number in range(len(BAD))]
    if "--album" in options:
        bad.remove("bad5.wav")  # readable, so it would make the album one of two kinds
    result = cli("master", good[0], *bad, good[1], "--preset", "broadcast", *options)
    assert result.code == 1
    errors = [line for line in result.err.splitlines() if line.startswith("vocolab: error: ")]
    assert [line.split(": ")[2] for line in errors] == bad
    assert result.err.splitlines()[-1] == f"{len(bad)} of {len(bad) + 2} files failed"
    assert sorted(path.name for path in tmp_path.glob("*mastered*")) == ["good1.mastered.wav", "good2.mastered.wav"]
    assert not list(tmp_path.glob(".*"))


def test_a_wav_that_promises_more_than_it_has_is_taken_as_far_as_it_goes(cli, tmp_path):
    """Recorders that were cut off leave such files."""
    speechlike(2.0, 44_100).save(tmp_path / "a.wav", bit_depth=16)
    content = bytearray((tmp_path / "a.wav").read_bytes())
    at = content.index(b"data") + 4
    content[at : at + 4] = struct.pack("<I", 2**31)
    (tmp_path / "a.wav").write_bytes(content)
    assert cli("master", "a.wav", "--preset", "none").code == 0
    assert soundfile.info("a.mastered.wav").frames == 88_200


NO_LOUDNESS = (
    "a.mastered.{}: written, but not within the preset's target (integrated loudness can't be measured)"
)


def test_one_sample(cli, tmp_path):
    wav(np.array([[0.5]], np.float32))(tmp_path / "a.wav")
    for arguments, suffix in ((("--set", "highpass.mix=0"), "wav"), (("--format", "mp3"), "mp3")):
        result = cli("master", "a.wav", "--preset", "broadcast", *arguments)
        assert result.code == 1, result.err
        assert result.error == NO_LOUDNESS.format(suffix)
        assert "no loudness (nothing above -70 LUFS, or less than 400 ms): nothing is boosted" in result.err
    assert soundfile.info("a.mastered.wav").frames == 1


def test_silence_is_not_boosted_and_does_not_pass(cli, tmp_path):
    Audio(np.zeros((2, 96_000), np.float32), 48_000).save(tmp_path / "a.wav")
    result = cli("master", "a.wav", "--preset", "broadcast")
    assert (result.code, result.error) == (1, NO_LOUDNESS.format("wav"))
    assert "a.wav: the input is digital silence: nothing is boosted" in result.err
    assert not Audio.load("a.mastered.wav").samples.any()


def test_noise_under_the_gate_is_not_boosted(cli, tmp_path):
    noise = 1e-5 * np.random.default_rng(1).standard_normal((1, 96_000))
    wav(noise.astype(np.float32), 48_000)(tmp_path / "a.wav")
    result = cli("master", "a.wav", "--preset", "broadcast", "--bit-depth", "32")
    assert (result.code, result.error) == (1, NO_LOUDNESS.format("wav"))
    assert "nothing is boosted" in result.err
    assert abs(Audio.load("a.mastered.wav").samples).max() < 1e-4


def test_a_file_without_a_loudness_can_be_allowed(cli, tmp_path):
    Audio(np.zeros((2, 96_000), np.float32), 48_000).save(tmp_path / "a.wav")
    assert cli("master", "a.wav", "--preset", "broadcast", "--allow-miss").code == 0


def test_clipped_throughout_is_said(cli, tmp_path):
    t = np.arange(96_000) / 48_000
    Audio.mono(np.clip(4 * np.sin(2 * np.pi * 200 * t), -1, 1), 48_000).save(tmp_path / "a.wav")
    result = cli("master", "a.wav", "--preset", "broadcast")
    assert result.code == 0, result.err
    share = float(result.err.split("the input is clipped: ")[1].split("%")[0])
    assert share == pytest.approx(100 * (1 - 2 / np.pi * np.arcsin(1 / 4)), abs=1)
    assert measure(Audio.load("a.mastered.wav")).true_peak_dbtp <= -1.0


def test_speech_at_full_scale_is_not_called_clipped(cli, tmp_path):
    audio = speechlike(2.0, 48_000)
    Audio(audio.samples / abs(audio.samples).max(), 48_000).save(tmp_path / "a.wav")
    assert "clipped" not in cli("master", "a.wav", "--preset", "broadcast").err


@pytest.mark.parametrize("rate_hz", [4_000, 768_000])
def test_extreme_rates(cli, tmp_path, rate_hz):
    """Down to what telephones never had and up to what converters can: taken, at the preset's rate."""
    speechlike(0.8, rate_hz).save(tmp_path / "a.wav")
    result = cli("master", "a.wav", "--preset", "broadcast", "-o", "b.wav")
    assert result.code == 0, result.err
    assert soundfile.info("b.wav").samplerate == 48_000
    assert measure(Audio.load("b.wav")).integrated_lufs == pytest.approx(-23.0, abs=0.2)
    assert cli("master", "a.wav", "--preset", "none", "-o", "c.wav").code == 0
    assert soundfile.info("c.wav").samplerate == rate_hz


def test_seven_channels_pass_where_nothing_is_measured(cli, tmp_path):
    wav(np.full((7, 5000), 0.1, np.float32), 48_000)(tmp_path / "a.wav")
    assert cli("master", "a.wav", "--preset", "none").code == 0
    assert soundfile.info("a.mastered.wav").channels == 7
    result = cli("master", "a.wav", "--preset", "none", "-o", "a.mp3")
    assert result.code == 2
    assert "a.mp3: MP3 holds 1 to 2 channels, not 7" in result.error


def test_an_input_that_is_also_an_output(cli, tmp_path, unchanged):
    speechlike(0.5, 48_000).save(tmp_path / "a.wav")
    speechlike(0.5, 48_000).save(tmp_path / "a.mastered.wav")
    (tmp_path / "link.wav").symlink_to("a.wav")
    unchanged()
    for arguments in (("a.wav", "-o", "a.wav"), ("link.wav", "-o", "a.wav")):
        result = cli("master", *arguments, "--preset", "none")
        assert result.code == 2
        assert "is an input; name another output" in result.error


def test_a_sample_that_puts_the_loudness_out_of_reach_is_named(cli, tmp_path):
    samples = 0.1 * np.sin(2 * np.pi * 200 * np.arange(96_000) / 48_000)
    samples[48_000] = 17_579
    soundfile.write(tmp_path / "a.wav", samples.astype(np.float32), 48_000, subtype="FLOAT")
    result = cli("master", "a.wav", "--preset", "podcast")
    assert result.code == 1
    assert "a.wav: the highest sample, at 1.000 s, is at +84.9 dBFS" in result.err
