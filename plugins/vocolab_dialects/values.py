"""How values are taken out of a published config."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from vocolab.errors import CheckpointError

Config = Mapping[str, Any]


def named(config: Config, keys: Mapping[str, str]) -> dict[str, Any]:
    """The values of `config` under other names: `keys` says which of theirs is which of ours. None counts as absent."""
    return {ours: config[theirs] for ours, theirs in keys.items() if config.get(theirs) is not None}


def table(config: Config, key: str) -> Config:
    """The table under a key; empty if there is none.

    Raises:
        CheckpointError: if there is something else.
    """
    value = config.get(key)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise CheckpointError(f"the config's {key} is {type(value).__name__}, not a table")
    return value


def refuse(config: Config, allowed: Mapping[str, tuple[Any, ...]], why: str) -> None:
    """Refuse a config in which a key has a value that can't be expressed here.

    Raises:
        CheckpointError: naming the key, its value and what would do.
    """
    for key, values in allowed.items():
        if key in config and config[key] not in values:
            wanted = " or ".join(map(repr, values))
            raise CheckpointError(f"the config's {key} is {config[key]!r}; {why} only {wanted}")


def number(config: Config, key: str, default: float) -> float:
    """A number of the config.

    Raises:
        CheckpointError: if it is something else.
    """
    value = config.get(key)
    if value is None:
        return default
    if isinstance(value, str):  # YAML takes 1e-5 for a text
        value = _parsed(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CheckpointError(f"the config's {key} is {value!r}, not a number")
    return value


def whole(config: Config, key: str, default: int) -> int:
    """A whole number of the config.

    Raises:
        CheckpointError: if it is something else.
    """
    value = number(config, key, default)
    if not math.isfinite(value) or value != int(value):
        raise CheckpointError(f"the config's {key} is {value!r}, not a whole number")
    return int(value)


def _parsed(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
