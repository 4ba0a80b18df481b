"""What the host keeps of a plugin, and of each thing that a plugin offers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from vocolab.errors import VocolabError
from vocolab.guarding import Origin, text_of
from vocolab.guarding.origins import HOME
from vocolab.plugins.manifest import OPTIONAL, Facts

S = TypeVar("S", covariant=True)

_LONGEST_NOTE = 200

LOADING = "loading"
"""Where a plugin failed that could not be loaded at all."""


@dataclass
class PluginRecord:
    """What became of one plugin: where it is from, which hooks it has, what went wrong."""

    name: str
    """The entry point's name."""
    dist: str
    """The distribution that it was installed with, as package indexes spell it: `vocolab-tape`."""
    version: str
    status: Literal["ok", "disabled", "error"] = "ok"
    hooks: list[str] = field(default_factory=list)
    has_manifest: bool = False
    """Whether a manifest says what it offers, so that its module is imported when something of it is used."""
    import_s: float | None = None
    """How long its module took to import, in seconds; None as long as it is not imported."""
    printed: list[str] = field(default_factory=list)
    """What it printed while it was imported and asked what it offers, which nobody saw."""
    failures: dict[str, BaseException] = field(default_factory=dict)
    """What was raised, by the hook that raised it; under "loading" if the plugin could not be loaded at all."""

    @property
    def key(self) -> str:
        """`dist:name`, which no two plugins share."""
        return f"{self.dist}:{self.name}"

    @property
    def builtin(self) -> bool:
        """Whether it came with vocolab itself."""
        return self.dist == HOME

    @property
    def error(self) -> str:
        """What went wrong, in one line; empty if nothing did."""
        return "; ".join(_failure_text(where, error) for where, error in self.failures.items())

    @property
    def note(self) -> str:
        """What its author has to know though it does no harm, in one line; empty if there is nothing."""
        said = " ".join(" ".join(self.printed).split())
        return f"prints while it is imported: {said[:_LONGEST_NOTE]!r}" if said else ""

    def fail(self, where: str, error: BaseException) -> None:
        """Note that loading it, or the hook `where`, raised `error`."""
        self.status = "error"
        self.failures[where] = error

    def may_have_had(self, *hooks: str) -> bool:
        """Whether what is missing from one of `hooks` could be missing because of a failure here."""
        return any(where in self.failures for where in (LOADING, *hooks))


@dataclass(frozen=True)
class Entry(Generic[S]):
    """A spec and the plugin that it came from."""

    spec: S
    dist: str = "local"
    version: str = "0"
    plugin: str = ""

    @property
    def name(self) -> str:
        """The bare name."""
        return str(getattr(self.spec, "name", ""))

    @property
    def summary(self) -> str:
        """What it is, in one line."""
        return str(getattr(self.spec, "summary", ""))

    @property
    def is_loaded(self) -> bool:
        """Whether the plugin's module has been imported for it, or need not be."""
        return True

    def load(self) -> None:
        """Have the plugin's module imported, if it is not.

        Raises:
            PluginError: if it can't be, or its hook does not give what its manifest says.
        """
        _ = self.spec

    def fact(self, key: str) -> Any:
        """A field of the spec; of one that only a manifest speaks of what that says, and None for all else."""
        return getattr(self.spec, key, None)

    @property
    def qualified(self) -> str:
        """`dist/name`, which always means this one."""
        return f"{self.dist}/{self.name}"

    @property
    def builtin(self) -> bool:
        """Whether it came with vocolab itself."""
        return self.dist == HOME

    @property
    def origin(self) -> Origin:
        """What messages name: the component and its package."""
        kind = getattr(self.spec, "kind", "") or type(self.spec).__name__.removesuffix("Spec").lower()
        return Origin(self.name, str(kind), self.dist, self.version)


class Declared(Entry[S]):
    """What a manifest speaks of. The plugin's module is imported when its `spec` is first asked for."""

    def __init__(
        self, facts: Facts, kind: str, dist: str, version: str, plugin: str, load: Callable[[], S]
    ) -> None:
        for name, value in (("dist", dist), ("version", version), ("plugin", plugin), ("facts", facts),
                            ("_kind", kind), ("_load", load), ("_loaded", [])):
            object.__setattr__(self, name, value)

    @property
    def spec(self) -> S:
        """The spec, from the plugin's hook.

        Raises:
            PluginError: if the plugin can't be imported, or its hook does not give what the manifest says.
        """
        loaded: list[S] = vars(self)["_loaded"]
        if not loaded:
            loaded.append(vars(self)["_load"]())
        return loaded[0]

    @property
    def name(self) -> str:
        """The bare name."""
        return str(vars(self)["facts"]["name"])

    @property
    def summary(self) -> str:
        """What it is, in one line."""
        return str(vars(self)["facts"]["summary"])

    @property
    def is_loaded(self) -> bool:
        """Whether the plugin's module has been imported for it."""
        return bool(vars(self)["_loaded"])

    @property
    def hook(self) -> str:
        """The hook that gives it."""
        return str(vars(self)["_kind"])

    def fact(self, key: str) -> Any:
        """What the manifest says of it; once it is loaded, a field of the spec."""
        return getattr(self.spec, key, None) if self.is_loaded else vars(self)["facts"].get(key, OPTIONAL.get(key))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Declared) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def __repr__(self) -> str:
        return f"Declared({self.qualified!r})"

    def _identity(self) -> tuple[str, str, str]:
        return self.qualified, self.plugin, str(vars(self)["_kind"])


def _failure_text(where: str, error: BaseException) -> str:
    said = text_of(error)
    text = said if isinstance(error, VocolabError) else f"{type(error).__name__}: {said}"
    return text if where == LOADING else f"{where}: {text}"
