"""Finds plugins, loads them one by one, and keeps count of what came from where.

A plugin is an entry point of the group `vocolab` that names a light module with hooks. It is loaded when something of
it is needed: where a manifest says what it offers, when that is used; else when everything of a kind is wanted. Every
plugin is loaded, and every hook of it called, on its own: what goes wrong is noted in that plugin's record and costs
nobody else anything.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from importlib.metadata import EntryPoint
from typing import Any, TypeVar

import pluggy

from vocolab.errors import PluginError, Subject
from vocolab.guarding import Origin, is_the_plugins_own, prints_kept, remember_module
from vocolab.guarding.origins import HOME
from vocolab.plugins import hookspecs
from vocolab.plugins.hookspecs import GROUP, INTERFACE_VERSION
from vocolab.plugins.installed import entry_points, package_of
from vocolab.plugins.manifest import COMPLETE, Facts, Manifest, ManifestError, read_manifest
from vocolab.plugins.names import normalized, reachable_names, resolve
from vocolab.plugins.records import LOADING, Declared, Entry, PluginRecord
from vocolab.plugins.spec_checks import checked_specs
from vocolab.plugins.time_limit import IMPORT_LIMIT_S, at_most

__all__ = ["HOME", "Entry", "PluginHost", "PluginRecord", "normalized", "reachable_names", "resolve"]

T = TypeVar("T")

_MANIFEST = "manifest"


class PluginHost:
    """All plugins of one process, or those of one test.

    Args:
        entries: Entry points to load; None for those that are installed, `[]` for none.
        allow: Names of plugins or distributions that may load beside the built-in ones; None for all.
        off: Names of plugins or distributions, or `dist:name`, that may not load, built in or not.
        first: Distributions of which a name goes before the built-in one, the first before the second.
        strict: Load everything at once, and raise the first failure instead of noting it: for plugin authors and
            continuous integration.
    """

    def __init__(
        self, entries: Iterable[EntryPoint] | None = None, *, allow: frozenset[str] | None = None,
        off: frozenset[str] = frozenset(), first: Sequence[str] = (), strict: bool = False,
    ) -> None:
        self.strict, self.first = strict, tuple(map(normalized, first))
        self.records: list[PluginRecord] = []
        self._given: dict[tuple[int, str], list[Any] | None] = {}
        self._waiting: dict[str, Callable[[], object]] = {}
        self._manifests: dict[str, Manifest] = {}
        self._manager = pluggy.PluginManager(GROUP)
        self._manager.add_hookspecs(hookspecs)
        found = entry_points(group=GROUP) if entries is None else entries
        pairs = [(_record_of(entry), entry) for entry in found]
        for record, entry in sorted(pairs, key=lambda pair: (not pair[0].builtin, pair[0].key)):
            names = {record.name, record.dist, record.key}
            if not names & off and (allow is None or record.builtin or names & allow):
                self._add(record, entry.load, entry.value.partition(":")[0])
            else:
                record.status = "disabled"
                self.records.append(record)

    def register(self, module: object, name: str, *, dist: str = "local", version: str = "0") -> PluginRecord:
        """Add a plugin that is already there: a module, or any object with hooks. For tests and notebooks."""
        record = PluginRecord(name, normalized(dist), version)
        self._add(record, lambda: module)
        self._load(record)
        return record

    def collect(self, hook: str, kind: type[T], dist: str = "") -> list[Entry[T]]:
        """What all plugins give for `hook`, built-in ones first, or those of one distribution; each is called once.

        A plugin whose hook raises, or gives something that is no `kind`, adds nothing, and its record says why.
        """
        return [entry for record in self.records if dist in ("", record.dist) for entry in self._of(record, hook, kind)]

    def load_all(self, dist: str = "") -> None:
        """Import every plugin, those with a manifest too; or those of one distribution."""
        for record in self.records:
            if dist in ("", record.dist):
                self._load(record)

    def given_by(self, record: PluginRecord, hook: str, kind: type[T]) -> list[T]:
        """What a plugin's own hook gives, whatever its manifest says; nothing where that fails."""
        where = id(record), hook
        if where not in self._given:
            self._given[where] = self._called(record, hook, kind)
        return list(self._given[where] or ())

    def manifest_of(self, record: PluginRecord) -> Manifest | None:
        """What a plugin's manifest says; None for one without."""
        return self._manifests.get(record.key)

    @property
    def failed(self) -> list[PluginRecord]:
        """Records of plugins that could not be loaded, or of which a hook that was called failed."""
        return [record for record in self.records if record.status == "error"]

    def _of(self, record: PluginRecord, hook: str, kind: type[T]) -> Iterable[Entry[T]]:
        table = hook.removeprefix("vocolab_")
        manifest = self._manifests.get(record.key)
        if manifest is None:
            return [Entry(spec, record.dist, record.version, record.name) for spec in self.given_by(record, hook, kind)]
        rows = manifest.tables.get(table, [])
        if table in COMPLETE:
            specs = (COMPLETE[table](**facts) for facts in rows)
            return [Entry(spec, record.dist, record.version, record.name) for spec in specs]
        return [
            Declared(facts, hook, record.dist, record.version, record.name,
                     partial(self._declared, record, hook, kind, facts))
            for facts in rows
        ]

    def _declared(self, record: PluginRecord, hook: str, kind: type[T], facts: Facts) -> T:
        """The spec of which a manifest has said that it is there."""
        name, address = facts["name"], f"{record.dist} {record.version}"
        for spec in self.given_by(record, hook, kind):
            if getattr(spec, "name", "") == name:
                return spec
        why = record.error or f"its manifest has it, and {hook} gives none of that name"
        raise PluginError(f"can't be used: {why}; see 'vocolab plugins {record.dist}'",
                          about=Subject(str(name), "component")).about(address, "package")

    def _called(self, record: PluginRecord, hook: str, kind: type[T]) -> list[T] | None:
        self._load(record)
        if record.may_have_had():  # it could not be loaded; another of its name may have been
            return None
        for implementation in getattr(self._manager.hook, hook).get_hookimpls():
            if implementation.plugin_name != record.key:
                continue
            try:
                with prints_kept(record.printed), at_most(IMPORT_LIMIT_S):
                    return checked_specs(hook, kind, implementation.function())
            except BaseException as error:
                self._note(record, hook, error)
        return None

    def _add(self, record: PluginRecord, load: Callable[[], object], module: str = "") -> None:
        """Take a plugin in; `module` is where its manifest would be."""
        self.records.append(record)
        if record.key in self._waiting or self._manager.has_plugin(record.key):
            self._note(record, LOADING, ValueError(f"there is already a plugin {record.key}"))
            return
        self._waiting[record.key] = load
        if module and not record.builtin:
            remember_module(module, Origin(record.name, "plugin", record.dist, record.version))
        if module:
            self._take_manifest(record, module)
        if self.strict:
            self._load(record)

    def _take_manifest(self, record: PluginRecord, module: str) -> None:
        try:
            manifest = read_manifest(module)
            if manifest is not None:
                _check_interface(manifest.interface)
        except (ManifestError, TypeError) as error:
            self._note(record, _MANIFEST, error)
            return
        if manifest is not None:
            self._manifests[record.key] = manifest
            record.has_manifest, record.hooks = True, manifest.hooks

    def _load(self, record: PluginRecord) -> None:
        load = self._waiting.pop(record.key, None)
        if load is None or record.may_have_had():
            return
        started = time.perf_counter()
        try:
            with prints_kept(record.printed), at_most(IMPORT_LIMIT_S):
                plugin = load()
            _check_interface(getattr(plugin, "vocolab_interface", INTERFACE_VERSION))
            self._manager.register(plugin, name=record.key)
            record.hooks = self._hooks_of(plugin)
        except BaseException as error:  # a module that calls sys.exit() must not take the host along
            if self._manager.has_plugin(record.key):  # pluggy keeps what it registered before it raised
                self._manager.unregister(name=record.key)
            self._note(record, LOADING, error)
        finally:
            record.import_s = time.perf_counter() - started

    def _note(self, record: PluginRecord, where: str, error: BaseException) -> None:
        """Keep a plugin's failure with its record, unless it is one that has to be raised."""
        if not is_the_plugins_own(error):
            raise error
        record.fail(where, error)
        if self.strict:
            raise error

    def _hooks_of(self, plugin: object) -> list[str]:
        """The hooks that a registered plugin has; raises TypeError if one can't be used."""
        callers = self._manager.get_hookcallers(plugin) or []
        mine = [(caller, impl) for caller in callers for impl in caller.get_hookimpls() if impl.plugin is plugin]
        if unknown := sorted(c.name for c, impl in mine if not c.has_spec() and not impl.optionalhook):
            raise TypeError(f"it has the hooks {', '.join(unknown)}, unknown to this vocolab; upgrade vocolab?")
        if wrappers := sorted(c.name for c, impl in mine if impl.wrapper or impl.hookwrapper):
            raise TypeError(f"{', '.join(wrappers)}: a hook that only describes can't be a wrapper")
        if not mine:
            raise TypeError("it has no hook; mark functions such as vocolab_effects() with @vocolab.hookimpl")
        return sorted(caller.name for caller, _ in mine if caller.has_spec())


def _check_interface(stated: object) -> None:
    """Raise TypeError for a version of the plugin interface that this vocolab does not have."""
    if isinstance(stated, bool) or not isinstance(stated, int) or stated < 1:
        raise TypeError(f"it states the plugin interface {stated!r}; give a version: {INTERFACE_VERSION}")
    if stated > INTERFACE_VERSION:
        raise TypeError(f"it is written for version {stated} of the plugin interface, and this vocolab has version "
                        f"{INTERFACE_VERSION}: pip install --upgrade vocolab")


def _record_of(entry: EntryPoint) -> PluginRecord:
    """A record for an entry point; one without a readable distribution is "local"."""
    try:
        name, version = package_of(entry) or ("", "")
        return PluginRecord(entry.name, normalized(name or "local"), version or "0")
    except Exception:  # damaged metadata of any installed package must not stop the host
        return PluginRecord(entry.name, "local", "0")
