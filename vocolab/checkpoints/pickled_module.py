"""A torch module that came out of a pickle: what it held, without its class."""

from __future__ import annotations

from typing import Any

from vocolab.checkpoints.limits import Budget

MOST_ENTRIES = 100_000
"""A module may hold another one twice; forty levels of that would be 2 ** 40 names."""


_ENTRY_BYTES = 100
"""About what an entry takes beside the characters of its name."""


class PickledModule(dict[str, Any]):
    """The state dict of a module that was pickled whole, and what else it says of itself."""

    def __init__(self, class_name: str) -> None:
        super().__init__()
        self.class_name = class_name
        """As the pickle spells it: "glow.WaveGlow"."""
        self.attributes: dict[str, Any] = {}
        """Numbers, texts and tuples of them, by dotted path: "n_flows", "WN.0.n_layers"."""

    def take_state(self, state: dict[str, Any], budget: Budget) -> None:
        """Take over what a module's `__dict__` holds; see `is_module_state`.

        Raises:
            ValueError: if a child is no module, or there are too many entries.
        """
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
        if not isinstance(child, PickledModule):
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


def _text(name: Any) -> str:
    if not isinstance(name, str | int):
        raise ValueError(f"a name of the type {type(name).__name__}")
    return str(name)


def _is_plain(value: Any) -> bool:
    if isinstance(value, tuple):
        return len(value) < 100 and all(isinstance(item, bool | int | float | str) for item in value)
    return isinstance(value, bool | int | float | str)
