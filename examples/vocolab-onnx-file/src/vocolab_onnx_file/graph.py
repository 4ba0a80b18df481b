"""An ONNX file of a vocoder, and what it says of itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import onnxruntime
from vocolab import MelSpec
from vocolab.errors import CheckpointError, OptionError, OptionProblem


class Graph:
    """A session of onnxruntime with the facts in the file's metadata.

    Raises:
        OptionError: if no file is named.
        CheckpointError: if it is no graph of a vocoder that 'vocolab export' wrote.
    """

    def __init__(self, file: str) -> None:
        if not file:
            raise OptionError([OptionProblem("file", "name the ONNX file that 'vocolab export' has written")])
        if not Path(file).is_file():
            raise CheckpointError("there is no such file", about=file)
        try:
            self.session: Any = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
            self.facts = dict(self.session.get_modelmeta().custom_metadata_map)
            self.mel_spec = MelSpec.from_dict(json.loads(self.facts["mel_spec"]))
            self.context_frames = int(self.facts["context_frames"])
            self.least_frames = int(self.facts["least_frames"])
        except Exception as error:  # onnxruntime has no class of its own for what it can't read
            raise CheckpointError(f"is no vocoder that 'vocolab export' wrote: {error}", about=file) from error
        names = [port.name for port in self.session.get_inputs()]
        if self.facts.get("kind") != "vocoder" or len(names) != 1:
            raise CheckpointError(f"takes {', '.join(names)}: this vocoder runs graphs of a mel alone", about=file)
        self.input = names[0]
