"""Finds plugins, loads them one by one, and keeps count of what came from where.

A plugin is an entry point of the group `vocolab` that names a light module with hooks. Every plugin is loaded, and
every hook of it called, on its own: what goes wrong is noted in that plugin's record and costs nobody else anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Generic, Literal, TypeVar

import pluggy

from vocolab.errors import CallError, UnknownName, VocolabError
from vocolab.guarding import Origin, is_the_plugins_own, prints_elsewhere, text_of
from vocolab.guarding.origins import HOME
from vocolab.plugins import hookspecs
from vocolab.plugins.hookspecs import GROUP
from vocolab.plugins.spec_checks import checked_specs

__all__ = ["HOME", "Entry", "PluginHost", "PluginRecord", "normalized", "reachable_names", "resolve"]

S = TypeVar("S", covariant=True)
T = TypeVar("T")

_LOADING = "loading"


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

    def fail(self, where: str, error: BaseException) -> None:
        """Note that loading it, or the hook `where`, raised `error`."""
        self.status = "error"
        self.failures[where] = error

    def may_have_had(self, *hooks: str) -> bool:
        """Whether what is missing from one of `hooks` could be missing because of a failure here."""
        return any(where in self.failures for where in (_LOADING, *hooks))


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


class PluginHost:
    """All plugins of one process, or those of one test.

    Args:
        entries: Entry points to load; None for those that are installed, `[]` for none.
        allow: Names of plugins or distributions that may load beside the built-in ones; None for all.
        off: Names of plugins or distributions, or `dist:name`, that may not load, built in or not.
        strict: Raise the first failure instead of noting it: for plugin authors and continuous integration.
    """

    def __init__(
        self, entries: Iterable[EntryPoint] | None = None, *, allow: frozenset[str] | None = None,
        off: frozenset[str] = frozenset(), strict: bool = False,
    ) -> None:
        self.strict = strict
        self.records: list[PluginRecord] = []
        self._collected: dict[str, list[Entry[Any]]] = {}
        self._manager = pluggy.PluginManager(GROUP)
        self._manager.add_hookspecs(hookspecs)
        found = entry_points(group=GROUP) if entries is None else entries
        pairs = [(_record_of(entry), entry) for entry in found]
        for record, entry in sorted(pairs, key=lambda pair: (not pair[0].builtin, pair[0].key)):
            names = {record.name, record.dist, record.key}
            if not names & off and (allow is None or record.builtin or names & allow):
                self._add(record, entry.load)
            else:
                record.status = "disabled"
                self.records.append(record)

    def register(self, module: object, name: str, *, dist: str = "local", version: str = "0") -> PluginRecord:
        """Add a plugin that is already there: a module, or any object with hooks. For tests and notebooks."""
        record = PluginRecord(name, normalized(dist), version)
        self._collected.clear()
        self._add(record, lambda: module)
        return record

    def collect(self, hook: str, kind: type[T]) -> list[Entry[T]]:
        """What all plugins give for `hook`, built-in ones first; each hook is called once a host.

        A plugin whose hook raises, or gives something that is no `kind`, adds nothing, and its record says why.
        """
        if hook not in self._collected:
            self._collected[hook] = list(self._call(hook, kind))
        return self._collected[hook]

    @property
    def failed(self) -> list[PluginRecord]:
        """Records of plugins that could not be loaded, or of which a hook that was called failed."""
        return [record for record in self.records if record.status == "error"]

    def _call(self, hook: str, kind: type[T]) -> Iterable[Entry[T]]:
        records = {record.key: record for record in reversed(self.records)}
        for implementation in getattr(self._manager.hook, hook).get_hookimpls():
            record = records[implementation.plugin_name]
            try:
                with prints_elsewhere():
                    specs = checked_specs(hook, kind, implementation.function())
            except BaseException as error:
                if not is_the_plugins_own(error):
                    raise
                record.fail(hook, error)
                if self.strict:
                    raise
            else:
                yield from (Entry(spec, record.dist, record.version, record.name) for spec in specs)

    def _add(self, record: PluginRecord, load: Callable[[], object]) -> None:
        self.records.append(record)
        taken = self._manager.has_plugin(record.key)
        try:
            if taken:
                raise ValueError(f"there is already a plugin {record.key}")
            with prints_elsewhere():
                plugin = load()
            self._manager.register(plugin, name=record.key)
            record.hooks = self._hooks_of(plugin)
        except BaseException as error:  # a module that calls sys.exit() must not take the host along
            if not is_the_plugins_own(error):
                raise
            if not taken and self._manager.has_plugin(record.key):  # pluggy keeps what it registered before it raised
                self._manager.unregister(name=record.key)
            record.fail(_LOADING, error)
            if self.strict:
                raise

    def _hooks_of(self, plugin: object) -> list[str]:
        """The hooks that a registered plugin has; raises TypeError if one can't be used."""
        callers = self._manager.get_hookcallers(plugin) or []
        if unknown := sorted(caller.name for caller in callers if not caller.has_spec()):
            raise TypeError(f"it has the hooks {', '.join(unknown)}, unknown to this vocolab; upgrade vocolab?")
        mine = [(caller.name, impl) for caller in callers for impl in caller.get_hookimpls() if impl.plugin is plugin]
        if wrappers := sorted(name for name, impl in mine if impl.wrapper or impl.hookwrapper):
            raise TypeError(f"{', '.join(wrappers)}: a hook that only describes can't be a wrapper")
        if not mine:
            raise TypeError("it has no hook; mark functions such as vocolab_effects() with @vocolab.hookimpl")
        return sorted(name for name, _ in mine)


def resolve(
    entries: Iterable[Entry[S]], wanted: str, *, kind: str, hooks: Sequence[str] = (),
    records: Iterable[PluginRecord] = (),
) -> Entry[S]:
    """The entry that `limiter` or `some-dist/limiter` means.

    A bare name is the built-in one, else the only one there is.

    Raises:
        UnknownName: if there is none; says which failed or disabled plugins may have had it.
        CallError: if several packages have it and none of them is vocolab; lists the qualified names.
    """
    pool = list(entries)
    dist, _, name = wanted.rpartition("/")
    hits = [entry for entry in pool if entry.name == name and dist in ("", entry.dist)]
    ours = [entry for entry in hits if entry.builtin]
    if ours or len(hits) == 1:
        return (ours or hits)[0]
    if hits:
        choices = " or ".join(repr(qualified) for qualified in sorted(entry.qualified for entry in hits))
        raise CallError(f"several packages have the {kind} {wanted!r}: write {choices}")
    error = UnknownName(kind, wanted, reachable_names(pool))
    note = _why_missing(dist, hooks, list(records))
    if note:
        near = f"Did you mean {error.suggestion!r}? " if error.suggestion else ""
        raise UnknownName(kind, wanted, error.available, hint=near + note)
    raise error


def reachable_names(entries: Iterable[Entry[Any]]) -> list[str]:
    """One name an entry that means just it: bare where that is enough, else qualified; sorted."""
    pool = list(entries)
    names = []
    for entry in pool:
        namesakes = [other for other in pool if other.name == entry.name and other is not entry]
        alone = entry.builtin or not namesakes
        names.append(entry.name if alone else entry.qualified)
    return sorted(set(names))


def normalized(dist: str) -> str:
    """A distribution's name as package indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", dist).lower()


def _why_missing(dist: str, hooks: Sequence[str], records: list[PluginRecord]) -> str:
    """Which failed or disabled plugins may be the reason that a name is missing."""
    if dist:
        records = [record for record in records if record.dist == dist]
    notes = [
        f"{record.dist} {record.version} failed to load and may have had it: {record.error}"
        for record in records
        if record.may_have_had(*hooks)
    ]
    if disabled := [record.dist for record in records if record.status == "disabled"]:
        notes.append(f"Plugins that are switched off may have it: {', '.join(disabled)}")
    return "; ".join(notes)


def _record_of(entry: EntryPoint) -> PluginRecord:
    """A record for an entry point; one without a readable distribution is "local"."""
    try:
        dist = entry.dist
        return PluginRecord(entry.name, normalized(dist.name or "local"), dist.version or "0")  # type: ignore[union-attr]
    except Exception:  # damaged metadata of any installed package must not stop the host
        return PluginRecord(entry.name, "local", "0")


def _failure_text(where: str, error: BaseException) -> str:
    said = text_of(error)
    text = said if isinstance(error, VocolabError) else f"{type(error).__name__}: {said}"
    return text if where == _LOADING else f"{where}: {text}"

