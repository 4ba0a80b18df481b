"""Detectors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.findings import Finding
from vocolab.guarding import Origin, read_only, running
from vocolab.guarding.calls import broken


def methods(cls: Any, origin: Origin) -> dict[str, Any]:
    """What takes the place of the class's own methods."""

    def accept(self: Any, block: NDArray[np.float32]) -> None:
        with running(origin):
            cls.accept(self, read_only(block))

    def findings(self: Any) -> list[Finding]:
        with running(origin):
            given = cls.findings(self)
            found = list(given) if isinstance(given, Iterable) else [given]
        if not all(isinstance(one, Finding) for one in found):
            raise broken(origin, "findings has to give a list of Finding")
        return found

    return {"accept": accept, "findings": findings}
