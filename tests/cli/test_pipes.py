"""Audio and mels through standard input and output."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pipes import Stdin, npy, piped

import numpy as np
import pytest
import soundfile
from speechlike import speechlike

from vocolab.audio import Audio

GRIFFIN = ("--vocoder", "griffinlim", "--set", "vocoder.iterations=2")
MEL = ("--mel-spec", "hifigan-22k")


@pytest.fixture
def wav(tmp_path):
    speechlike(1.0, 48_000, 2).save(tmp_path / "a.wav", bit_depth=16)
    return (tmp_path / "a.wav").read_bytes()


def test_through_master_and_out_is_what_a_file_becomes(cli, wav, monkeypatch):
    assert cli("master", "a.wav", "--preset", "broadcast", "-o", "b.wav").code == 0
    with open("b.wav", "rb") as file:
        made = file.read()
    for arguments, data in ((["-"], wav), (["a.wav", "-o", "-"], b"")):
        done = piped(monkeypatch, ["master", *arguments, "--preset", "broadcast"], data)
        assert (done.code, done.out == made) == (0, True)


def test_the_header_of_a_pipe_may_promise_anything(cli, wav, monkeypatch):
    """ffmpeg writes 0xFFFFFFFF, since it can't know the length."""
    at = wav.index(b"data") + 4
    done = piped(monkeypatch, ["master", "-", "--preset", "none"], wav[:at] + b"\xff\xff\xff\xff" + wav[at + 4 :])
    assert done.code == 0
    assert soundfile.info(io.BytesIO(done.out)).frames == 48_000


def test_other_formats_leave_too(cli, wav, monkeypatch):
    done = piped(monkeypatch, ["master", "-", "--preset", "none", "--format", "flac"], wav)
    assert done.out.startswith(b"fLaC")


@pytest.mark.parametrize(("encoding", "subtype"), [("s16le", "PCM_16"), ("s24le", "PCM_24"), ("f32le", "FLOAT")])
def test_raw_samples_are_those_of_the_file(cli, wav, monkeypatch, encoding, subtype):
    bits = {"s16le": 16, "s24le": 24, "f32le": 32}[encoding]
    assert cli("master", "a.wav", "--preset", "none", "--bit-depth", bits, "-o", "b.wav").code == 0
    done = piped(monkeypatch, ["master", "a.wav", "--preset", "none", "-o", "-", "--stdout-pcm", encoding])
    samples, _ = soundfile.read(io.BytesIO(done.out), format="RAW", subtype=subtype, channels=2, samplerate=48_000,
                                endian="LITTLE", dtype="float32")
    assert np.array_equal(samples.T, Audio.load("b.wav").samples)
    again = piped(monkeypatch, ["master", "-", "--stdin-pcm", f"{encoding}:48000:2", "--preset", "none", "--bit-depth",
                                bits, "-o", "c.wav", "--dither", "none"], done.out)
    assert again.code == 0
    assert np.array_equal(Audio.load("c.wav").samples, samples.T)


def test_measure_and_mel_read_pipes(cli, wav, monkeypatch):
    read = piped(monkeypatch, ["measure", "-", "--json"], wav)
    assert read.code == 0
    assert b'"file": "-"' in read.out
    made = piped(monkeypatch, ["mel", "-"], wav)
    assert cli("mel", "a.wav", "-o", "a.npy").code == 0
    assert np.array_equal(np.load(io.BytesIO(made.out)), np.load("a.npy"))


@pytest.fixture
def blocks(mel_values):
    """A mel in three arrays, of which one is in Fortran's order."""
    return npy(mel_values[:, :20], np.asfortranarray(mel_values[:, 20:21]), mel_values[:, 21:])


def test_render_reads_arrays_one_after_the_other(cli, tmp_path, mel_values, blocks, monkeypatch):
    np.save(tmp_path / "mel.npy", mel_values)
    assert cli("render", "mel.npy", *MEL, *GRIFFIN, "-o", "a.wav", "--preset", "broadcast").code == 0
    done = piped(monkeypatch, ["render", "-", *MEL, *GRIFFIN, "--preset", "broadcast"], blocks)
    assert done.code == 0
    assert done.out == (tmp_path / "a.wav").read_bytes()


def test_raw_samples_leave_as_the_mel_comes(cli, mel_values, voice_file, blocks, monkeypatch):
    """Before the second array is there, the first is sent as far as it is certain."""
    whole = piped(monkeypatch, ["render", "-", *MEL, "--voice", voice_file, "-o", "a.wav", "--bit-depth", 16], blocks)
    assert whole.code == 0
    sent = []

    class Slow(io.BytesIO):
        def read(self, size=-1):
            sent.append(stdout.buffer.tell())
            return super().read(size)

    stdout = io.TextIOWrapper(io.BytesIO())
    stdin = Stdin(b"")
    monkeypatch.setattr(Stdin, "buffer", Slow(npy(mel_values[:, :60], mel_values[:, 60:])), raising=False)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdin", stdin)
        patched.setattr(sys, "stdout", stdout)
        from vocolab.cli.main import run

        assert run(["render", "-", *MEL, "--voice", str(voice_file), "--stdout-pcm", "s16le"]) == 0
        stdout.flush()
    streamed = np.frombuffer(stdout.buffer.getvalue(), "<i2")
    assert any(0 < at < 2 * streamed.size for at in sent)
    file = np.rint(Audio.load("a.wav").samples[0] * 2**15)
    assert streamed.size == file.size
    assert abs(streamed - file).max() <= 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "standard input: is empty; pipe .npy arrays into it"),
        (b"some text", "array 1: is no .npy array: write each with numpy.save"),
        (npy(np.zeros((80, 5), np.float32))[:-9], "array 1 is cut off: its header promises float32 (80, 5), 1600"),
        (npy(np.zeros((80, 5), np.float32)) + b"rest", "array 2: is no .npy array"),
        (npy(np.zeros((80, 5), np.float32), np.zeros((79, 5), np.float32)), "array 2 is (79, 5); each has to be (80,"),
        (npy(np.zeros(80, np.float32)), "array 1 is (80,); each has to be (n_mels, frames)"),
        (npy(np.array([print], dtype=object)), "holds pickled Python objects, which are not loaded"),
        (npy(np.zeros((80, 5), np.float32))[:80].replace(b"(80, 5)", b"(80, 99999999999)"), "is no .npy array"),
    ],
    ids=["empty", "text", "cut off", "rest", "other bands", "1-D", "pickle", "promises"],
)
def test_arrays_that_are_none(cli, monkeypatch, unchanged, data, said):
    unchanged()
    monkeypatch.setattr(sys, "stdin", Stdin(data))
    result = cli("render", "-", *MEL, *GRIFFIN, "-o", "a.wav")
    assert (result.code, said in result.error) == (1, True), result.err


def test_arrays_need_a_convention(cli, unchanged):
    unchanged()
    result = cli("render", "-", *GRIFFIN)
    assert (result.code, "say it with --mel-spec" in result.error) == (2, True)


@pytest.mark.parametrize("command", [["master", "-", "--preset", "none"], ["measure", "-"], ["mel", "-"],
                                     ["render", "-", *MEL, *GRIFFIN]], ids=lambda command: command[0])
@pytest.mark.parametrize(
    ("stdin", "said"),
    [(None, "is closed; pipe something into it"), (Stdin(b"x", is_terminal=True), "is a terminal; pipe something"),
     (b"", "is empty; pipe")],
    ids=["closed", "terminal", "empty"],
)
def test_standard_input_that_is_none(cli, monkeypatch, unchanged, command, stdin, said):
    unchanged()
    monkeypatch.setattr(sys, "stdin", Stdin(stdin) if isinstance(stdin, bytes) else stdin)
    result = cli(*command)
    assert result.code == 1
    assert result.error.startswith(f"standard input: {said}")


@pytest.mark.parametrize("data", [b"some text " * 50, b"RIFF\0\0"])
def test_a_pipe_without_audio(cli, monkeypatch, unchanged, data):
    unchanged()
    monkeypatch.setattr(sys, "stdin", Stdin(data))
    result = cli("master", "-", "--preset", "none")
    assert result.code == 1
    assert result.error.startswith("standard input: ")
    assert "/tmp" not in result.error


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["-", "--json"], 2, "the audio and --json would both go to standard output"),
        (["-", "a.wav"], 2, "-o - takes one file to standard output"),
        (["-", "a.wav", "--out-dir", "out"], 2, "- is standard input, and is read alone"),
        (["a.wav", "b.wav", "-o", "-"], 2, "-o - takes one file to standard output"),
        (["-", "--album"], 2, "-o - takes one file to standard output"),
        (["-", "-o", "b.wav", "--resume"], 2, "--resume knows files by their names"),
        (["a.wav", "--stdin-pcm", "s16le:48000:1"], 2, "name - as the input"),
        (["a.wav", "--stdout-pcm", "s16le"], 2, "write -o -"),
        (["-", "--stdout-pcm", "s16le", "--bit-depth", "24"], 2, "leave out --format and --bit-depth"),
        (["-", "--stdin-pcm", "s16:48000:1"], 2, "write ENCODING:HZ:CHANNELS, as in s16le:48000:1"),
        (["-", "--stdin-pcm", "s16le:48000:0"], 2, "1 to 64 channels"),
        (["-", "--stdin-pcm", "s16le:48000:2", "-o", "c.wav"], 1, "ends within a sample: 1 bytes of 4 are left"),
        (["-", "--stdin-pcm", "f32le:48000:1", "-o", "c.wav"], 1, "holds NaN or infinity; is it of another encoding?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_does_not_go_with_a_pipe(cli, tmp_path, monkeypatch, unchanged, arguments, code, said):
    speechlike(0.5, 22_050).save(tmp_path / "a.wav")
    unchanged()
    data = np.full(8, np.nan, "<f4").tobytes() if "f32le:48000:1" in arguments else bytes(4001)
    monkeypatch.setattr(sys, "stdin", Stdin(data))
    result = cli("master", *arguments, "--preset", "none")
    assert (result.code, said in result.error) == (code, True), result.err


def test_a_terminal_gets_no_audio(cli, wav, monkeypatch, capsys):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    result = cli("master", "a.wav", "-o", "-", "--preset", "none")
    assert (result.code, "standard output: is a terminal" in result.error) == (2, True)


def test_a_mel_file_leaves_as_a_wav_that_states_its_length(cli, mel_values, voice_file, monkeypatch):
    np.save("a.npy", mel_values)
    assert cli("render", "a.npy", *MEL, "--voice", voice_file, "-o", "b.wav").code == 0
    done = piped(monkeypatch, ["render", "a.npy", *MEL, "--voice", voice_file, "-o", "-"])
    assert done.code == 0
    sent, _ = soundfile.read(io.BytesIO(done.out), dtype="float32")
    assert sent.shape == Audio.load("b.wav").samples[0].shape
    assert np.abs(sent - Audio.load("b.wav").samples[0]).max() < 1e-5


def test_raw_audio_is_mastered_as_it_comes(cli, wav, monkeypatch):
    """Before the second half is read, the first has left, through an effect that keeps up."""
    with open("mine.toml", "w") as file:
        file.write('format = 1\nsummary = "Mine"\n[[effects]]\nuse = "gain"\ngain_db = -6.0\n')
    sent = []
    halves = [np.zeros(96_000, "<i2").tobytes(), np.ones(96_000, "<i2").tobytes()]

    class Slow(io.BytesIO):
        def read1(self, size=-1):
            sent.append(stdout.buffer.tell())
            return halves.pop(0) if halves else b""

    stdout, stdin = io.TextIOWrapper(io.BytesIO()), Stdin(b"")
    monkeypatch.setattr(Stdin, "buffer", Slow(), raising=False)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdin", stdin)
        patched.setattr(sys, "stdout", stdout)
        from vocolab.cli.main import run

        call = ["master", "-", "--stdin-pcm", "s16le:48000:1", "--preset", "mine.toml", "--stdout-pcm", "s16le"]
        assert run(call) == 0
        stdout.flush()
    assert len(stdout.buffer.getvalue()) == 2 * 192_000
    assert sent == [0, 192_000, 384_000]


def test_what_needs_the_whole_says_so(cli, wav, monkeypatch, capsys):
    assert piped(monkeypatch, ["master", "-", "--preset", "broadcast"], wav).code == 0
    assert "begins when all of it is made" in capsys.readouterr().err


def test_a_pipe_that_nobody_reads_ends_the_call_without_a_word(cli, wav):
    from vocolab.cli.main import NOBODY_READS

    call = [sys.executable, "-m", "vocolab", "master", "-", "--stdin-pcm", "s16le:48000:1", "--preset", "none",
            "--stdout-pcm", "s16le"]  # fmt: skip
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(call, input=np.zeros(96_000, "<i2").tobytes(), stdout=writing, stderr=subprocess.PIPE,
                              check=False)  # fmt: skip
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (NOBODY_READS, b"")


@pytest.mark.parametrize(("second", "why"), [
    (lambda bands: npy(bands[:, 30:])[:-100], "cut off"), (lambda bands: npy(bands[:70, 30:]), "each has to be"),
])  # fmt: skip
def test_a_stream_that_breaks_off_or_changes_its_bands(cli, mel_values, voice_file, monkeypatch, capsys, second, why):
    data = npy(mel_values[:, :30]) + second(mel_values)
    done = piped(monkeypatch, ["render", "-", *MEL, "--voice", voice_file, "--stdout-pcm", "s16le"], data)
    assert done.code == 1
    assert why in capsys.readouterr().err
