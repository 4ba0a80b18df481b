"""An object that came out of a pickle: what it held, without its class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vocolab.torch_files.limits import Budget

MOST_ENTRIES = 100_000
"""A module may hold another one twice; forty levels of that would be 2 ** 40 names."""
_MOST_LEVELS = 20
_ENTRY_BYTES = 100
"""About what an entry takes beside the characters of its name."""


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

    def take_state(self, state: Any, budget: Budget) -> None:
        """Take over what an object's `__dict__` holds.

        Raises:
            ValueError: if a module's child is no module, or there are too many entries.
        """
        if isinstance(state, tuple) and len(state) == 2:
            state = state[1]  # the second part is of a class with slots
        if is_module_state(state):
            self._take_module(state, budget)
        elif isinstance(state, dict) and state is not self:
            budget.take(_ENTRY_BYTES * len(state))
            self.attributes.update({_text(name): value for name, value in state.items()})

    def _take_module(self, state: dict[str, Any], budget: Budget) -> None:
        self.is_module = True
        budget.take(_ENTRY_BYTES * (len(state) + len(state["_parameters"]) + len(state["_buffers"])))
        for name, tensor in {**state["_parameters"], **state["_buffers"]}.items():
            if tensor is not None:
                self[_text(name)] = tensor
        for name, value in state.items():
            if not _text(name).startswith("_") and _is_plain(value):
                self.attributes[_text(name)] = value
        for name, child in state["_modules"].items():
            self._adopt(_text(name), child, budget)

    def _adopt(self, name: str, child: Any, budget: Budget) -> None:
        """Put a child's entries under its name. A child that holds its own parent is empty at this moment."""
        if child is None:
            return
        if not isinstance(child, PickledObject):
            raise ValueError(f"{self.class_name}: {name} is {type(child).__name__}, not a torch module")
        if len(self) + len(child) > MOST_ENTRIES or len(self.attributes) + len(child.attributes) > MOST_ENTRIES:
            raise ValueError(f"{self.class_name} has more than {MOST_ENTRIES} entries")
        for inner in (*child, *child.attributes):
            budget.take(_ENTRY_BYTES + len(name) + len(inner))
        self.update({f"{name}.{inner}": tensor for inner, tensor in list(child.items())})
        self.attributes.update({f"{name}.{inner}": value for inner, value in list(child.attributes.items())})


def is_module_state(state: Any) -> bool:
    """Whether this is what the `__dict__` of a torch module looks like."""
    return isinstance(state, dict) and all(
        isinstance(state.get(key), dict) for key in ("_parameters", "_buffers", "_modules")
    )


def plain(value: Any) -> Any:
    """Tables and lists for what pickled objects held: namespaces, subclasses of dict, OmegaConf's configs."""
    return _Unwrapping().plain(value, _MOST_LEVELS)


class _Unwrapping:
    def __init__(self) -> None:
        self._left = MOST_ENTRIES

    def plain(self, value: Any, levels: int) -> Any:
        self._left -= 1
        if levels == 0 or self._left < 0:  # a table may hold another one twice, on every level
            return None
        if isinstance(value, PickledObject) and not value:
            held = value.attributes
            inner = held["_val"] if "_val" in held else held.get("_content", held)
            return self.plain(inner, levels - 1)
        if isinstance(value, Mapping):
            return {str(key): self.plain(item, levels - 1) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.plain(item, levels - 1) for item in value]
        return value


def _text(name: Any) -> str:
    if not isinstance(name, str | int):
        raise ValueError(f"a name of the type {type(name).__name__}")
    return str(name)


def _is_plain(value: Any) -> bool:
    if isinstance(value, tuple):
        return len(value) < 100 and all(isinstance(item, bool | int | float | str) for item in value)
    if isinstance(value, PickledObject):
        return not value.is_module
    return isinstance(value, bool | int | float | str | dict)
