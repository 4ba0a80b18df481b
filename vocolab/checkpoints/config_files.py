"""Configs as text: JSON and YAML, read as tables and never followed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vocolab.errors import CheckpointError
from vocolab.given_files import read_given_text

MOST_CONFIG_BYTES = 10_000_000
_MOST_LEVELS, _MOST_VALUES, _MOST_BITS = 20, 100_000, 64
_COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*')
_REFERENCE = re.compile(r"\$\{([\w.]+)\}|<([\w.\[\]]+)>")


def read_config(path: Path) -> Mapping[str, Any]:
    """A config in JSON or YAML. Tags in YAML, as in `!new:module.Class`, are not followed.

    Raises:
        CheckpointError: if it is missing, neither of the two, or no table.
    """
    try:
        if path.is_file() and path.stat().st_size > MOST_CONFIG_BYTES:
            raise CheckpointError(f"{path.stat().st_size} bytes is too large for a config", about=path)
        text = read_given_text(path, MOST_CONFIG_BYTES)
    except OSError as error:
        hint = "put config.json beside the checkpoint or give --config"
        raise CheckpointError(f"no config; {hint}: {error.strerror or error}", about=path) from error
    except UnicodeDecodeError as error:
        raise CheckpointError(f"the config is not UTF-8 text: {error.reason}", about=path) from error
    return parse_config(text, str(path), as_json=path.suffix.lower() == ".json")


def parse_config(text: str, name: str, *, as_json: bool) -> Mapping[str, Any]:
    """The table that a config's text stands for; `name` is what messages call it.

    Raises:
        CheckpointError: if the text is not JSON (or YAML), or no table.
    """
    from vocolab.checkpoints.inert_yaml import YAML_PROBLEMS, read_documents

    try:
        values = _json(text) if as_json else _joined(read_documents(text))
    except YAML_PROBLEMS as error:
        first = (str(error).splitlines() or ["nested too deeply"])[0]
        raise CheckpointError(f"the config is not {'JSON' if as_json else 'YAML'}: {first}", about=name) from error
    if not isinstance(values, dict):
        raise CheckpointError(f"the config is a {type(values).__name__}, not a table", about=name)
    return followed(values)


def followed(values: Mapping[str, Any]) -> dict[str, Any]:
    """A config with its references to other values of it followed: `<sample_rate>` and `${a.b}`."""
    references = _References(values)
    return checked_numbers({key: references.followed(value) for key, value in values.items()}, name)


def checked_numbers(table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The same table, once it is known that no number in it has more than 64 bits: such a one fits into no float.

    Raises:
        CheckpointError: if one has; `name` is what messages call the table.
    """
    seen, left = set[int](), list[Any]([table])
    while left:
        part = left.pop()
        if id(part) in seen:  # aliases: little text can name a long list ten thousand times
            continue
        seen.add(id(part))
        for one in part.values() if isinstance(part, Mapping) else part:
            if isinstance(one, int) and one.bit_length() > _MOST_BITS:
                raise CheckpointError(f"the config has a whole number of more than {_MOST_BITS} bits", about=name)
            if isinstance(one, Mapping | list | tuple):
                left.append(one)
    return table


def _json(text: str) -> Any:
    """What JSON says, comments from // to the end of a line left out, as coqui's trainer writes them."""
    try:
        return json.loads(text)
    except ValueError as error:
        uncommented = _COMMENT.sub(lambda found: found[1] or "", text)
        if uncommented == text:
            raise
        try:
            return json.loads(uncommented)
        except ValueError:
            raise error from None


def _joined(documents: list[Any]) -> Any:
    """The one document of a YAML text, or the tables of several together, as some projects write them."""
    known = [document for document in documents if document is not None]
    if len(known) > 1 and all(isinstance(document, dict) for document in known):
        return {key: value for document in known for key, value in document.items()}
    return known[0] if known else None


class _References:
    """References to other values of a config followed: HyperPyYAML's `<sample_rate>`, OmegaConf's `${a.b}`."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._config, self._left = config, _MOST_VALUES

    def followed(self, value: Any, levels: int = _MOST_LEVELS) -> Any:
        """The value with all references in it followed, as far as that goes."""
        self._left -= 1
        if levels == 0 or self._left < 0:  # tables that refer to one another double with every level
            return value
        if isinstance(value, dict):
            return {key: self.followed(item, levels - 1) for key, item in value.items()}
        if isinstance(value, list):
            return [self.followed(item, levels - 1) for item in value]
        match = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            return value
        found: Any = self._config
        for key in re.findall(r"\w+", match[1] or match[2]):
            found = found.get(key) if isinstance(found, Mapping) else None
        return value if found is None else self.followed(found, levels - 1)
