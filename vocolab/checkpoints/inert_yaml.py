"""YAML whose tags are not followed and whose size on paper is its size in memory."""

from __future__ import annotations

from typing import Any

import yaml

from vocolab.torch_files.limits import Keys

MOST_YAML_BYTES = 1_000_000
"""Python reads about 100 kB of YAML a second."""
MOST_MERGED = 100_000
"""Entries that merge keys (`<<`) may bring, all together: tables that merge one another double with every line."""

YAML_PROBLEMS = (
    yaml.YAMLError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError,
)
"""What `read_documents` raises: texts that claim to be numbers or dates fail in many ways."""


def read_documents(text: str) -> list[Any]:
    """Texts, numbers, lists and tables of all documents in a text; a tag, as in `!new:module.Class`, is as if it were
    not there.

    Raises:
        YAML_PROBLEMS: one of them, if the text is no YAML, too long, nested too deeply or merges too much.
    """
    if len(text) > MOST_YAML_BYTES:
        raise ValueError(f"{len(text)} characters are too many for a config")
    return list(yaml.load_all(text, TaglessLoader))


class TaglessLoader(yaml.SafeLoader):
    """yaml's safe loader, for which a tagged node is the plain one."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.merged, self.keys = 0, Keys()

    def flatten_mapping(self, node: Any) -> None:
        """Put what is merged into the table itself, and count it."""
        before = len(node.value)
        super().flatten_mapping(node)
        self.merged += max(0, len(node.value) - before)
        if self.merged > MOST_MERGED:
            raise yaml.YAMLError(f"its merge keys bring over {MOST_MERGED} entries")

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """The table of a node, once its keys are known to tell themselves apart."""
        if isinstance(node, yaml.MappingNode):
            self.flatten_mapping(node)
            keys = [self.construct_object(key, deep=True) for key, _ in node.value]
            self.keys.check(id(node), [key for key in keys if isinstance(key, int | float)])
        table: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return table


def _plain(loader: Any, _tag: str, node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


TaglessLoader.add_multi_constructor("!", _plain)
TaglessLoader.add_multi_constructor("tag:yaml.org,2002:python/", _plain)
