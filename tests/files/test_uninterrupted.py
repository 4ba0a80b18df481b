"""A signal in a callback is neither lost, nor is what the callback had to write."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.files import writer
from vocolab.files.uninterrupted import uninterrupted


def test_the_handler_runs_when_the_block_has_ended() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), uninterrupted():
        os.kill(os.getpid(), signal.SIGINT)
        done.append("all")
    assert done == ["all"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_error_of_the_block_leaves_the_handlers_as_they_were() -> None:
    with pytest.raises(ValueError, match="own"), uninterrupted():
        raise ValueError("own")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".mp3", ".ogg"])
def test_ctrl_c_while_a_file_is_written_leaves_no_file(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before, libsndfile's callback swallowed it, and an MP3 with a gap was put in place."""
    really_write, calls = writer._Guard.write, []

    def write(self: writer._Guard, data: bytes) -> int:
        calls.append(len(data))
        if len(calls) == 3:
            os.kill(os.getpid(), signal.SIGINT)
        return really_write(self, data)

    monkeypatch.setattr(writer._Guard, "write", write)
    noise = Audio.mono(0.1 * np.random.default_rng(0).standard_normal(100_000), 24_000)
    with pytest.raises(KeyboardInterrupt):
        noise.save(tmp_path / f"a{suffix}")
    assert not list(tmp_path.iterdir())


def test_a_library_that_closes_after_the_stream_says_nothing(tmp_path, capsys):
    import soundfile

    from vocolab.files.writer import _Guard

    with (tmp_path / "a.wav").open("wb+") as stream:
        file = soundfile.SoundFile(_Guard(stream), "w", 22_050, 1, format="WAV", subtype="PCM_16")
        file.write([0.0] * 100)
    file.close()
    assert capsys.readouterr().err == ""
