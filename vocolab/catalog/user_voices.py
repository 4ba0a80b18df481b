"""The user's own folder of voices: what is put there is listed beside what packages bring."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from vocolab.configuration import configuration_folder
from vocolab.errors import CheckpointError
from vocolab.plugins.specs import VoiceSource
from vocolab.voice import read_header

USER = "user"
"""What stands for a distribution in the qualified names of the user's own voices."""
SUFFIX = ".safetensors"
NAME = re.compile(r"[a-z][a-z0-9-]*")


def voices_folder() -> Path:
    """The folder of the user's own voices: `VOCOLAB_VOICES`, or `vocolab/voices` where configuration is kept."""
    stated = os.environ.get("VOCOLAB_VOICES")
    return Path(stated) if stated else configuration_folder() / "voices"


def voices_in(folder: Path) -> Iterator[VoiceSource]:
    """Each `NAME.safetensors` of a folder, sorted; of one that can't be read only that. No tensor is read."""
    try:
        found = sorted(folder.glob(f"*{SUFFIX}"))
    except OSError:
        return
    for file in found:
        if not NAME.fullmatch(file.stem):
            continue
        try:
            header = read_header(file)
            model, summary = str(header["model"]), f"A voice of {header['model']}, added by the user"
        except CheckpointError as error:
            model, summary = "unknown", f"can't be used: {error.message}"
        yield VoiceSource(name=file.stem, model=model, summary=summary, file=file)
