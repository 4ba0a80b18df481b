"""An exported file and onnxruntime that runs it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import vocolab
from vocolab.onnx_export.graph import read_description


@dataclass
class Graph:
    """A file, and onnxruntime that runs it."""

    path: Path
    voice: vocolab.Voice
    session: Any

    @property
    def about(self) -> dict[str, Any]:
        """Its metadata."""
        return read_description(self.session.get_modelmeta().custom_metadata_map)

    def run(self, **inputs: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """All outputs by their names."""
        outputs = [output.name for output in self.session.get_outputs()]
        return dict(zip(outputs, self.session.run(outputs, inputs), strict=True))
