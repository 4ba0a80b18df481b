"""TOML out: values as a file of settings has them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any


def toml_lines(values: Mapping[str, Any]) -> Iterator[str]:
    """`name = value` of each that is set; TOML has no word for None."""
    return (f"{name} = {toml_value(value)}" for name, value in values.items() if value is not None)


def toml_value(value: Any) -> str:
    """A boolean, number, text, list or mapping as TOML spells it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        inner = ", ".join(toml_lines(value))
        return f"{{ {inner} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    return repr(value)
