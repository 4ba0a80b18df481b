"""An object that came out of a pickle: what it held, without its class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MOST_ENTRIES = 100_000
"""A module may hold another one twice; forty levels of that would be 2 ** 40 names."""
_MOST_LEVELS = 20


class PickledObject(dict[str, Any]):
    """Something of a class that is not looked for: a table of what it says of itself, and never more than that.

    A torch module comes out as its state dict. An object of a class that extends dict has the entries of that dict.
    Of anything else, a namespace or a path, only `attributes` say something, and of many not even they do.
    """

    def __init__(self, class_name: str) -> None:
        super().__init__()
        self.class_name = class_name
        """As the pickle spells it: "glow.WaveGlow"."""
        self.attributes: dict[str, Any] = {}
        """A module's numbers, texts, tuples and tables, by dotted path: "n_flows", "WN.0.n_layers", "h"; of another
        object all that it held."""
        self.is_module = False

    def __hash__(self) -> int:  # type: ignore[override]
        # Leftovers stand as keys of tables too, a path for one.
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def take_state(self, state: Any) -> None:
        """Take over what an object's `__dict__` holds.

        Raises:
            ValueError: if a module's child is no module, or there are too many entries.
        """
        if is_module_state(state):
            self._take_module(state)
        elif isinstance(state, tuple) and len(state) == 2 and isinstance(state[1], dict):
            self.attributes.update(state[1])
        elif isinstance(state, dict) and state is not self:
            self.attributes.update(state)

    def _take_module(self, state: dict[str, Any]) -> None:
        self.is_module = True
        for name, tensor in {**state["_parameters"], **state["_buffers"]}.items():
            if tensor is not None:
                self[str(name)] = tensor
        for name, value in state.items():
            if not str(name).startswith("_") and _is_plain(value):
                self.attributes[str(name)] = value
        for name, child in state["_modules"].items():
            self._adopt(str(name), child)

    def _adopt(self, name: str, child: Any) -> None:
        """Put a child's entries under its name. A child that holds its own parent is empty at this moment."""
        if child is None:
            return
        if not isinstance(child, PickledObject):
            raise ValueError(f"{self.class_name}: {name} is {type(child).__name__}, not a torch module")
        if len(self) + len(child) > MOST_ENTRIES or len(self.attributes) + len(child.attributes) > MOST_ENTRIES:
            raise ValueError(f"{self.class_name} has more than {MOST_ENTRIES} entries")
        self.update({f"{name}.{inner}": tensor for inner, tensor in list(child.items())})
        self.attributes.update({f"{name}.{inner}": value for inner, value in list(child.attributes.items())})


def is_module_state(state: Any) -> bool:
    """Whether this is what the `__dict__` of a torch module looks like."""
    return isinstance(state, dict) and all(
        isinstance(state.get(key), dict) for key in ("_parameters", "_buffers", "_modules")
    )


def plain(value: Any, levels: int = _MOST_LEVELS) -> Any:
    """Tables and lists for what pickled objects held: namespaces, subclasses of dict, OmegaConf's configs."""
    if levels == 0:
        return None
    if isinstance(value, PickledObject) and not value:
        held = value.attributes
        if "_val" in held:
            return plain(held["_val"], levels - 1)
        return plain(held.get("_content", held), levels - 1)
    if isinstance(value, Mapping):
        return {str(key): plain(item, levels - 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, levels - 1) for item in value]
    return value


def _is_plain(value: Any) -> bool:
    if isinstance(value, tuple):
        return len(value) < 100 and all(isinstance(item, bool | int | float | str) for item in value)
    if isinstance(value, PickledObject):
        return not value.is_module
    return isinstance(value, bool | int | float | str | dict)
