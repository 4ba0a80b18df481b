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


def unwrapped(config: Config) -> Config:
    """A table without what older toolkits wrote around a class's arguments: `cls` and `params`."""
    inner = config.get("params")
    return inner if isinstance(inner, Mapping) and set(config) <= {"cls", "_target_", "params"} else config


def assumed(config: Config, defaults: Mapping[str, Any], whose: str) -> tuple[str, ...]:
    """What is to be said of the keys that a config leaves to their defaults; nothing where it has them all.

    Args:
        config: Where null counts as absent.
        defaults: What is taken for each key.
        whose: Whose defaults these are: "ParallelWaveGAN's class".
    """
    absent = [f"{key} {value}" for key, value in defaults.items() if config.get(key) is None]
    return (f"{', '.join(absent)}, as {whose} has by default: the config does not say",) if absent else ()


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
