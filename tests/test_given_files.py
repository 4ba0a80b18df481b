"""Files that never come, never end, or are larger than they may be."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bounded import bounded

from vocolab.checkpoints import open_checkpoint, read_checkpoint
from vocolab.corpora.folder import read_metadata
from vocolab.errors import VocolabError
from vocolab.files.reader import open_audio
from vocolab.given_files import read_given, read_given_text
from vocolab.mels.statistics import read_statistics
from vocolab.mels.storage import read_array
from vocolab.toml_document import read_document
from vocolab.training.recipe import read_recipe
from vocolab.training.run_folder import RunFolder
from vocolab.voice import Voice

READERS: dict[str, Callable[[Path], Any]] = {
    "mel": read_array, "statistics": lambda path: read_statistics(path, 80), "checkpoint": read_checkpoint,
    "config": lambda path: open_checkpoint(path.with_name("model.pt"), path), "voice": Voice.load,
    "settings": read_document, "recipe": read_recipe, "audio": open_audio,
    "metadata": lambda path: read_metadata(_named(path, "metadata.csv").parent),
    "run": lambda path: RunFolder(_named(path, "recipe.json").parent).describe(),
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
        with pytest.raises(VocolabError, match=r"pipe or a device|can't be read as statistics"):
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
