"""Several mels of one length rendered side by side, in one pass of the network wherever each of them asks for one.

Every mel is rendered on a thread of its own, just as alone: its chunks, its seed, its postfilters. Only the network is
shared. A thread that calls it waits until the others have called it too, or have ended; what they ask for then goes
through in one pass, as far as it has one shape. So nothing is padded, and nothing needs to know of batches but this.

An engine rounds a batch otherwise than one by 1e-7 at most. A pass that fails is done again one by one: what is wrong
with one mel is told to its own thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from vocolab.interfaces import Vocoder
from vocolab.networks.interfaces import Execution
from vocolab.postfilters.postfilter import Postfilter

T = TypeVar("T")
Arrays = tuple[NDArray[np.float32], ...]

_PATIENCE_S = 0.2
"""Who waits longer for the others goes on alone: one of them has something else to do."""


def run_in_lockstep(calls: Sequence[Callable[[], T]], execution: SharedExecution) -> list[T | Exception]:
    """What each call gives, or raises; the passes of `execution` that they ask for are shared.

    Each runs on a thread of its own.
    """

    def run(call: Callable[[], T]) -> T | Exception:
        try:
            return call()
        except Exception as error:  # belongs to this call: the others go on
            return error
        finally:
            execution.leave()

    execution.join(len(calls))
    with ThreadPoolExecutor(len(calls), "lockstep") as pool:
        return list(pool.map(run, calls))


def sharing(vocoder: Vocoder) -> tuple[Vocoder, SharedExecution] | None:
    """A copy of a vocoder, postfilters and all, whose network is shared by threads; None where it has no network."""
    if isinstance(vocoder, Postfilter):
        inner = sharing(vocoder.vocoder)
        if inner is None:
            return None
        return _with(vocoder, vocoder=inner[0]), inner[1]
    execution = getattr(vocoder, "execution", None)
    if execution is None:
        return None
    shared = SharedExecution(execution)
    return _with(vocoder, execution=shared), shared


def _with(given: Vocoder, **attributes: object) -> Vocoder:
    other = copy(given)
    vars(other).update(attributes)
    return other


class SharedExecution:
    """An `Execution` whose callers wait for each other.

    Args:
        inner: What runs the network.

    Attributes:
        passes: How many mels each pass of the network was for, pass by pass.
    """

    def __init__(self, inner: Execution) -> None:
        self.inner = inner
        self.passes: list[int] = []
        self._changed = threading.Condition()
        self._running, self._waiting = 0, list[_Request]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def to(self, device: str) -> None:
        """Run on that device from now on."""
        self.inner.to(device)

    def join(self, callers: int) -> None:
        """So many callers more are waited for."""
        with self._changed:
            self._running += callers

    def leave(self) -> None:
        """One of them has ended."""
        with self._changed:
            self._running -= 1
            self._changed.notify_all()

    def __call__(self, *inputs: NDArray[np.float32]) -> Arrays:
        """What the network makes of one caller's inputs, each with a first axis of length 1."""
        request = _Request(inputs)
        with self._changed:
            self._waiting.append(request)
            self._changed.notify_all()
            self._changed.wait_for(lambda: request.is_taken or self._are_all_here(), _PATIENCE_S)
            mine = [] if request.is_taken else self._taken(request)
        if mine:
            self._serve(mine)
        request.done.wait()
        if request.outputs is None:  # alone, or the pass of all of them failed
            request.outputs = self.inner(*inputs)
        return request.outputs

    def _are_all_here(self) -> bool:
        return len(self._waiting) >= self._running

    def _taken(self, first: _Request) -> list[_Request]:
        """Those that wait and fit with the first one, which are no longer waiting."""
        mine = [request for request in self._waiting if request.key == first.key]
        self._waiting = [request for request in self._waiting if request.key != first.key]
        self._running -= len(mine) - 1  # the others wait for the one that serves them all
        for request in mine:
            request.is_taken = True
        self._changed.notify_all()
        return mine

    def _serve(self, requests: Sequence[_Request]) -> None:
        try:
            self.passes.append(len(requests))
            if len(requests) > 1:
                self._serve_together(requests)
        finally:
            with self._changed:
                self._running += len(requests) - 1
            for request in requests:
                request.done.set()

    def _serve_together(self, requests: Sequence[_Request]) -> None:
        try:
            joined = map(np.concatenate, zip(*(each.inputs for each in requests), strict=True))
            outputs = self.inner(*joined)
        except Exception:  # each asks for itself then, and the error is that of the mel that it is of
            return
        if any(len(output) != len(requests) for output in outputs):
            return
        for row, request in enumerate(requests):
            request.outputs = tuple(output[row : row + 1] for output in outputs)


class _Request:
    """What one caller asks for."""

    def __init__(self, inputs: Iterable[NDArray[np.float32]]) -> None:
        self.inputs = tuple(inputs)
        self.outputs: Arrays | None = None
        self.is_taken, self.done = False, threading.Event()
        shapes = tuple((array.shape, array.dtype.str) for array in self.inputs)
        can_be_joined = all(array.ndim > 0 and array.shape[0] == 1 for array in self.inputs)
        self.key: object = shapes if can_be_joined else self
