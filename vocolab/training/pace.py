"""How fast steps are taken, without what comes between them."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Reach = Callable[[int, float], None]
"""Is told before the first step and after every one how many there are, and the pace in steps a second (0: not known
yet). It has to be cheap."""

_WINDOW_S = 60.0
_MOST_STEPS = 512


class Pace:
    """Steps a second over the last minute of training (at least one step, at most 512), its pauses left out.

    A mean since the start would go on speaking of the first, slow steps, and of losses that came in later too little.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._paused_s = 0.0
        self._ends: deque[float] = deque([clock()], maxlen=_MOST_STEPS + 1)

    def step(self) -> None:
        """A step has been taken."""
        self._ends.append(self._clock() - self._paused_s)
        while len(self._ends) > 2 and self._ends[-1] - self._ends[1] >= _WINDOW_S:
            self._ends.popleft()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """What is done inside is no training."""
        begun = self._clock()
        try:
            yield
        finally:
            self._paused_s += self._clock() - begun

    @property
    def steps_per_s(self) -> float:
        """0.0 before the first step."""
        elapsed_s = self._ends[-1] - self._ends[0]
        return (len(self._ends) - 1) / elapsed_s if elapsed_s > 0 else 0.0
