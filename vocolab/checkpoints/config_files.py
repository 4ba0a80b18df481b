"""Configs as text: JSON and YAML, read as tables and never followed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vocolab.errors import CheckpointError

_MOST_CONFIG_BYTES = 10_000_000
_MOST_LEVELS = 20
_REFERENCE = re.compile(r"\$\{([\w.]+)\}|<([\w.\[\]]+)>")


def read_config(path: Path) -> Mapping[str, Any]:
    """A config in JSON or YAML. Tags in YAML, as in `!new:module.Class`, are not followed.

    Raises:
        CheckpointError: if it is missing, neither of the two, or no table.
    """
    try:
        if path.stat().st_size > _MOST_CONFIG_BYTES:
            raise CheckpointError(f"{path.stat().st_size} bytes is too large for a config", about=path)
        text = path.read_text(encoding="utf-8")
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
    import yaml

    try:
        values = json.loads(text) if as_json else _documents(text)
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        first = (str(error).splitlines() or ["nested too deeply"])[0]
        raise CheckpointError(f"the config is not {'JSON' if as_json else 'YAML'}: {first}", about=name) from error
    if not isinstance(values, dict):
        raise CheckpointError(f"the config is a {type(values).__name__}, not a table", about=name)
    return {key: _followed(value, values) for key, value in values.items()}


def _documents(text: str) -> Any:
    """The one document of a YAML text, or the tables of several joined, as some projects write them."""
    import yaml

    documents = [document for document in yaml.load_all(text, _tagless_loader()) if document is not None]
    if len(documents) > 1 and all(isinstance(document, dict) for document in documents):
        return {key: value for document in documents for key, value in document.items()}
    return documents[0] if documents else None


def _followed(value: Any, config: Mapping[str, Any], levels: int = _MOST_LEVELS) -> Any:
    """A value with references to other values followed: HyperPyYAML's `<sample_rate>`, OmegaConf's `${a.b}`."""
    if levels == 0:
        return value
    if isinstance(value, dict):
        return {key: _followed(item, config, levels - 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_followed(item, config, levels - 1) for item in value]
    match = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return value
    found: Any = config
    for key in re.findall(r"\w+", match[1] or match[2]):
        found = found.get(key) if isinstance(found, Mapping) else None
    return value if found is None else _followed(found, config, levels - 1)


def _tagless_loader() -> Any:
    """yaml's safe loader, for which a tagged node is the plain one."""
    import yaml

    class TaglessLoader(yaml.SafeLoader):
        """Builds texts, numbers, lists and tables, whatever the tags say."""

    def plain(loader: Any, _tag: str, node: Any) -> Any:
        if isinstance(node, yaml.MappingNode):
            return loader.construct_mapping(node, deep=True)
        if isinstance(node, yaml.SequenceNode):
            return loader.construct_sequence(node, deep=True)
        return loader.construct_scalar(node)

    TaglessLoader.add_multi_constructor("!", plain)
    TaglessLoader.add_multi_constructor("tag:yaml.org,2002:python/", plain)
    return TaglessLoader
