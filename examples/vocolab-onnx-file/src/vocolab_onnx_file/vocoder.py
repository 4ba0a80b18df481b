"""The vocoder: onnxruntime runs the graph, and its metadata say all that there is to know."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vocolab import MelSpec, Voice
from vocolab.errors import MelError

from vocolab_onnx_file.graph import Graph
from vocolab_onnx_file.plugin import OnnxFileOptions


class OnnxFile:
    """Mel in, audio out. Needs no torch."""

    def __init__(self, options: OnnxFileOptions, voice: Voice | None, mel_spec: MelSpec | None) -> None:
        self._graph = Graph(options.file)
        self.mel_spec, self.context_frames = self._graph.mel_spec, self._graph.context_frames

    def render(self, mel: NDArray[np.float32], *, first_frame: int = 0, seed: int = 0) -> NDArray[np.float32]:
        """(n_mels, frames) float32 to (frames * hop_samples,) float32."""
        if mel.shape[1] < self._graph.least_frames:
            raise MelError(f"the graph takes {self._graph.least_frames} frames or more, not {mel.shape[1]}")
        audio: NDArray[np.float32] = self._graph.session.run(None, {self._graph.input: mel[None]})[0]
        return audio.reshape(-1)
