"""Standard input and output that hold what a test puts into them."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from vocolab.cli.main import run


class Stdin(io.TextIOWrapper):
    """Standard input with these bytes; perhaps a terminal."""

    def __init__(self, data: bytes, *, is_terminal: bool = False) -> None:
        super().__init__(io.BytesIO(data))
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


@dataclass
class Piped:
    """What a call in a pipeline did."""

    code: int
    out: bytes


def piped(monkeypatch: Any, arguments: list[object], data: bytes | None = None) -> Piped:
    """`vocolab ARGUMENTS` with `data` before it, and what leaves it as bytes."""
    stdout = io.TextIOWrapper(io.BytesIO())
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdin", None if data is None else Stdin(data))
        patched.setattr(sys, "stdout", stdout)
        code = run([str(argument) for argument in arguments])
        stdout.flush()
    return Piped(code, stdout.buffer.getvalue())  # type: ignore[attr-defined]


def npy(*arrays: Any) -> bytes:
    """Arrays one after the other, as numpy.save writes each."""
    stream = io.BytesIO()
    for array in arrays:
        np.save(stream, array, allow_pickle=True)
    return stream.getvalue()
