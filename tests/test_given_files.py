"""Files that never come, never end, or are larger than they may be."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bounded import bounded

from vocolab.alignment.clips import read_clips
from vocolab.bench.speakers import read_groups
from vocolab.checkpoints import open_checkpoint, read_checkpoint
from vocolab.cli.suggestion import suggestion
from vocolab.corpora.folder import read_metadata
from vocolab.errors import VocolabError
from vocolab.files.reader import open_audio
from vocolab.files.textgrid import read_textgrid
from vocolab.given_files import read_given, read_given_text
from vocolab.mels.statistics import read_statistics
from vocolab.mels.storage import read_array
from vocolab.speaking.unfinished import Unfinished
from vocolab.texts.user_words import read_text_file
from vocolab.toml_document import read_document
from vocolab.training.recipe import read_recipe
from vocolab.training.run_folder import RunFolder
from vocolab.voice import Voice
from vocolab_dialects.hdf5 import read_arrays
from vocolab_fastspeech2.clips import read_clips as read_speech

READERS: dict[str, Callable[[Path], Any]] = {
    "mel": read_array, "statistics": lambda path: read_statistics(path, 80), "checkpoint": read_checkpoint,
    "config": lambda path: open_checkpoint(path.with_name("model.pt"), path), "voice": Voice.load,
    "settings": read_document, "recipe": read_recipe, "audio": open_audio,
    "metadata": lambda path: read_metadata(_named(path, "metadata.csv").parent),
    "run": lambda path: RunFolder(_named(path, "recipe.json").parent).describe(),
    "run's log": lambda path: RunFolder(_named(path, "log.jsonl").parent).cut_log(1),
    "text": read_text_file, "symbols of clips": read_clips, "textgrid": read_textgrid,
    "speakers": lambda path: read_groups(_named(path, "speakers.csv").parent),
    "speech.json": lambda path: read_speech(_named(path, "speech.json").parent), "HDF5": read_arrays,
    "speech that goes on": lambda path: Unfinished(_named(path, "takes.jsonl").parent, {}, 22_050, resume=True),
    "samples that go on": lambda path: Unfinished(_named(path, "audio.f32").parent, {}, 22_050, resume=True),
}


def _named(path: Path, name: str) -> Path:
    return path.rename(path.with_name(name))


@pytest.fixture(autouse=True)
def checkpoint(tmp_path: Path) -> None:
    import torch

    torch.save({"a": torch.ones(1)}, tmp_path / "model.pt")


@pytest.mark.parametrize("reader", READERS)
def test_a_pipe_that_nobody_writes_to_is_not_waited_for(reader: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "given")
    alarm = threading.Timer(20, lambda: os.close(os.open(tmp_path / "given", os.O_WRONLY)))  # ends a test that waits
    alarm.start()
    try:
        with pytest.raises(VocolabError, match=r"pipe or a device|is a link|can't be read as statistics"):
            READERS[reader](tmp_path / "given")
    finally:
        alarm.cancel()


@pytest.mark.parametrize("reader", READERS)
def test_a_device_that_never_ends_is_not_read(reader: str, tmp_path: Path) -> None:
    (tmp_path / "given").symlink_to("/dev/zero")
    outcome = bounded(lambda: READERS[reader](tmp_path / "given"), more_bytes=400_000_000)
    assert isinstance(outcome.error, VocolabError), outcome


def test_a_pipe_that_the_shell_has_opened_is_read() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"format = 1")
    os.close(writing)
    assert read_given_text(f"/dev/fd/{reading}") == "format = 1"
    os.close(reading)


def test_the_null_device_is_an_empty_file() -> None:
    assert read_given(os.devnull, 10) == b""


def test_what_is_too_large_is_told_and_not_read(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(OSError, match="larger than 1 MB"):
        read_given(tmp_path / "large", 1_000_000)


def test_a_first_call_waits_for_no_pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "a.npy")
    (tmp_path / "b.npy").write_bytes(b"\x93NUMPY\x01\0\x76\0{'descr': '<f4', 'shape': (80, \xb2), }")
    monkeypatch.chdir(tmp_path)
    assert suggestion().startswith("vocolab text")
