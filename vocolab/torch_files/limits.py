"""What the pickle of a checkpoint may cost: memory that it makes, keys that collide, values that get printed.

A pickle of a kilobyte can ask for any amount of work: it may use what it has made again and again. Everything that is
made from what is there already (copies of tables and texts, names of modules in modules) is counted here.
"""

from __future__ import annotations

import reprlib
from collections import Counter
from collections.abc import Iterable
from typing import Any

MOST_MADE_BYTES = 512_000_000
"""About what all containers, copies and names of one pickle may take. Tensors are not in it: they lie in the file."""
MOST_EQUAL_HASHES = 200
"""Keys of one table with the same hash. Each of them is compared with all others."""
MOST_KEY_PARTS = 64
"""Values in a key that is a tuple."""

_SCALARS = (str, bytes, int, float, bool, type(None))


class Budget:
    """How much one pickle may make yet."""

    def __init__(self) -> None:
        self._left_bytes = MOST_MADE_BYTES

    def take(self, n_bytes: int) -> None:
        """Count what is about to be made.

        Raises:
            ValueError: if it gets too much.
        """
        self._left_bytes -= n_bytes
        if self._left_bytes < 0:
            raise ValueError(f"it makes more than {MOST_MADE_BYTES} bytes out of what it holds, as no checkpoint does")


class Keys:
    """Counts the hashes of the keys of one pickle's tables and sets."""

    def __init__(self) -> None:
        self._seen: Counter[tuple[int, int]] = Counter()

    def check(self, target: int, keys: Iterable[Any]) -> None:
        """Let keys pass that can be hashed at once and tell themselves apart.

        Args:
            target: The identity of the table that they go into.
            keys: What is about to be hashed.

        Raises:
            TypeError: if one is no plain value, nor a short tuple of those.
            ValueError: if too many share a hash. Those of texts can't be made to: Python salts them.
        """
        for key in keys:
            if isinstance(key, str):
                continue
            _check_parts(key)
            place = (target, hash(key))
            self._seen[place] += 1
            if self._seen[place] > MOST_EQUAL_HASHES:
                raise ValueError(f"over {MOST_EQUAL_HASHES} keys of one hash")


def _check_parts(key: Any) -> None:
    """Walk through a key, and no further than it may go."""
    waiting, n_parts = [key], 0
    while waiting:
        part = waiting.pop()
        n_parts += 1
        if n_parts > MOST_KEY_PARTS:
            raise TypeError(f"a key of more than {MOST_KEY_PARTS} values")
        if isinstance(part, tuple | frozenset):
            if len(part) > MOST_KEY_PARTS:
                raise TypeError(f"a key of {len(part)} values")
            waiting.extend(part)
        elif not isinstance(part, _SCALARS):
            raise TypeError(f"a key of the type {type(part).__name__}")


class _Short(reprlib.Repr):
    def __init__(self) -> None:
        super().__init__()
        self.maxlevel, self.maxtuple, self.maxlist, self.maxdict, self.maxset = 2, 6, 6, 4, 4


def shown(value: Any) -> str:
    """A value for a message: `repr` in a line, however deep and long it is."""
    return _Short().repr(value)[:100]
