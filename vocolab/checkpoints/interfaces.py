"""What a plugin implements so that published checkpoints of its family become voices."""

from __future__ import annotations

from typing import Protocol

from vocolab.checkpoints.checkpoint import Checkpoint
from vocolab.checkpoints.conversion import Conversion
from vocolab.mels.spec import MelSpec


class Recogniser(Protocol):
    """Knows a family's published checkpoints by their names: what `vocolab convert` asks."""

    def __call__(self, checkpoint: Checkpoint) -> str | None:
        """The layout in words, "official, weight norm folded", if the checkpoint is of this family, else None.

        Cheap: it looks at names and not at numbers.

        Raises:
            CheckpointError: if the file is the family's but can't be a voice, its discriminators for one.
        """
        ...


class Converter(Protocol):
    """Turns a published checkpoint into a voice: what `vocolab convert` calls."""

    def __call__(self, checkpoint: Checkpoint, mel_spec: MelSpec | None) -> Conversion:
        """The voice in `checkpoint`; `mel_spec` overrides what its config says.

        Raises:
            CheckpointError: if it does not fit its config, or the config is missing.
        """
        ...
