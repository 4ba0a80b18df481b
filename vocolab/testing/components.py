"""What holds for every component: a light module, options that can be written down, defaults that are allowed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import entry_points
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from vocolab import toml
from vocolab.options import make_options, option_problems
from vocolab.plugins.hookspecs import GROUP
from vocolab.plugins.host import Entry
from vocolab.plugins.import_times import import_report, slowest_line
from vocolab.plugins.import_watch import HEAVY
from vocolab.plugins.targets import check_instance, load_target
from vocolab.testing.places import place_of

__all__ = ["HEAVY", "IMPORT_S", "TOLERANCE", "ComponentContract", "as_toml", "cuts", "noise"]

TOLERANCE = 1e-5
"""How far a part may be from the whole, of full scale: what float32 sums in another order come to."""

IMPORT_S = 1.0
"""How long a plugin module may take to import, beyond what vocolab itself does."""


class ComponentContract:
    """What holds for every component."""

    spec: ClassVar[Any]
    options: ClassVar[dict[str, Any]] = {}
    module: ClassVar[str] = ""
    """The plugin's module, if it is not installed with an entry point."""

    def built(self, *arguments: object) -> Any:
        """An instance as the plugin's class makes it, without what vocolab puts around it."""
        options = make_options(self.spec.options, dict(self.options), self.spec.name)
        instance = load_target(Entry(self.spec))(options, *arguments)
        check_instance(Entry(self.spec), instance)
        return instance

    def test_the_plugin_module_imports_nothing_heavy(self) -> None:
        """Listing what is installed must cost nobody a neural framework, nor a second."""
        package = self.spec.target.partition(":")[0].partition(".")[0]
        modules = [self.module] if self.module else _plugin_modules(package)
        assert modules, f"{package} has no entry point in the group {GROUP!r}; add one, or set `module`"
        found = import_report(modules)
        assert found.seconds is not None, f"importing {modules} fails: {found.problem}"
        for name, line in found.heavy.items():
            raise AssertionError(f"importing {modules} imports {name}; import it in the module that `target` names"
                                 f"{_at(line)}")
        assert not found.printed, f"importing {modules} prints {found.printed!r}: leave it out"
        if found.seconds >= IMPORT_S:
            line = _at(slowest_line(modules))
            raise AssertionError(f"importing {modules} takes {found.seconds:.1f} s; at most {IMPORT_S} s: do what "
                                 f"takes long in the module that `target` names{line}")

    def test_the_default_options_are_allowed(self) -> None:
        """What stands as a default is held to its own range, and every option says what it is."""
        schema = self.spec.options
        for name, field in schema.model_fields.items():
            place = place_of(schema, name)
            assert field.description, f"the option {name} has no description: Field(description=...){place}"
        defaults = {name: field.get_default(call_default_factory=True) for name, field in schema.model_fields.items()
                    if not field.is_required()}
        for problem in option_problems(schema, {**defaults, **self.options}):
            raise AssertionError(f"the default of {problem.option} is refused: {problem.what}"
                                 f"{place_of(schema, problem.option)}")

    def test_the_options_survive_a_preset_file(self) -> None:
        """What can be said in Python can be said in TOML and with --set."""
        options = make_options(self.spec.options, self.options, self.spec.name)
        values = options.model_dump(mode="json", exclude_none=True)
        document = "\n".join(f"{name} = {as_toml(value)}" for name, value in values.items())
        again = make_options(self.spec.options, toml.loads(document), self.spec.name)
        assert again == options, f"{document!r} gives {again!r}, not {options!r}{place_of(self.spec.options)}"


def cuts(length: int, seed: int) -> Iterator[tuple[int, int]]:
    """Random parts of `length`, one of them a single unit."""
    inner = np.random.default_rng(seed).integers(1, length, size=6)
    edges = sorted({0, 1, length, *(int(edge) for edge in inner)})
    yield from pairwise(edges)


def noise(shape: tuple[int, int], level: float) -> NDArray[np.float32]:
    """Uniform noise between -level and level, always the same."""
    return np.random.default_rng(7).uniform(-level, level, shape).astype(np.float32)


def as_toml(value: Any) -> str:
    """A value as TOML spells it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {as_toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    return json.dumps(value)


def _at(line: str) -> str:
    return f" ({line})" if line else ""


def _plugin_modules(package: str) -> list[str]:
    found = (entry.value.partition(":")[0] for entry in entry_points(group=GROUP))
    return sorted(name for name in found if name.partition(".")[0] == package)
