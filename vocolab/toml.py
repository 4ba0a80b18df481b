"""TOML reading on every Python that vocolab supports: `tomllib` came with 3.11. What costs too much is refused.

The library takes time and memory with the square of the parts of a dotted key, reads numbers of any length, and leaves
nesting to Python's stack.
"""

from __future__ import annotations

import re
import sys
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
    from tomllib import TOMLDecodeError
else:
    import tomli as tomllib
    from tomli import TOMLDecodeError

__all__ = ["MOST_DEPTH", "MOST_KEY_PARTS", "MOST_NUMBER_BITS", "MOST_VALUES", "TOMLDecodeError", "loads"]

MOST_KEY_PARTS = 32
MOST_DEPTH = 64
"""Tables and lists inside one another."""
MOST_NUMBER_BITS = 64
"""What the TOML specification asks readers to take."""
MOST_VALUES = 20_000
"""Keys and elements of lists. Little text can hold half a million, and each is examined against what is allowed."""

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?(?:"""|\Z)|' r"'''.*?(?:'''|\Z)|" r'"(?:\\.|[^"\\\n])*"?|' r"'[^'\n]*'?|"
    r"#[^\n]*|[A-Za-z0-9_+-]+|[ \t]+|\.|.",
    re.DOTALL,
)


def loads(text: str) -> dict[str, Any]:
    """The tables of a TOML text.

    Raises:
        TOMLDecodeError: if it is none, or has a key of more than 32 parts, more than 64 levels, more than 20,000
            values, or a whole number of more than 64 bits.
    """
    _check_keys(text)
    try:
        values = tomllib.loads(text)
    except TOMLDecodeError:
        raise
    except (ValueError, RecursionError) as error:  # a number of over 4,300 digits
        said = "nested too deeply" if isinstance(error, RecursionError) else f"a value that can't be read: {error}"
        raise TOMLDecodeError(said) from error
    _check_values(values)
    return values


def _check_keys(text: str) -> None:
    """Count the dots between names that follow each other; those inside strings and comments are none."""
    dots = 0
    for token in _TOKEN.finditer(text):
        found = token.group()
        if found == ".":
            dots += 1
            if dots >= MOST_KEY_PARTS:
                line = text.count("\n", 0, token.start()) + 1
                column = token.start() - text.rfind("\n", 0, token.start())
                raise TOMLDecodeError(f"a key of more than {MOST_KEY_PARTS} parts (at line {line}, column {column})")
        elif not (found[0] in "\"'" or found[0].isalnum() or found[0] in "_+- \t"):
            dots = 0


def _check_values(values: dict[str, Any]) -> None:
    level: list[Any] = [values]
    n_values = 0
    for _ in range(MOST_DEPTH):
        inner = [one for table in level for one in (table.values() if isinstance(table, dict) else table)]
        n_values += len(inner)
        if n_values > MOST_VALUES:
            raise TOMLDecodeError(f"more than {MOST_VALUES} values")
        if any(isinstance(one, int) and one.bit_length() > MOST_NUMBER_BITS for one in inner):
            raise TOMLDecodeError(f"a whole number of more than {MOST_NUMBER_BITS} bits")
        level = [one for one in inner if isinstance(one, dict | list)]
        if not level:
            return
    raise TOMLDecodeError(f"nested more than {MOST_DEPTH} levels deep")
