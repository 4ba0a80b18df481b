"""The contracts of all that a package offers, as `pytest --vocolab PACKAGE` and `vocolab plugins check PACKAGE` run it.

What a test of the package would set, the options that make an effect work for one, stands in its `pyproject.toml`:

    [tool.vocolab.saturate]
    options = { drive_db = 12.0 }
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from importlib.resources import as_file
from pathlib import Path
from typing import Any, ClassVar

from vocolab import toml
from vocolab.catalog import Catalog
from vocolab.errors import CallError, OptionError, PluginError, UnknownName, VocolabError
from vocolab.guarding import is_the_plugins_own, text_of
from vocolab.plugins.hookspecs import GROUP
from vocolab.plugins.host import PluginHost, PluginRecord, normalized
from vocolab.plugins.manifest import OPTIONAL, TABLES
from vocolab.plugins.manifest_writing import manifest_facts, written_facts
from vocolab.plugins.requirements import requirement_problems
from vocolab.plugins.specs import AnySpec, ModelSpec
from vocolab.testing.commands import CommandContract
from vocolab.testing.components import ComponentContract
from vocolab.testing.conventions import MelConventionContract
from vocolab.testing.detectors import DetectorContract
from vocolab.testing.effects import EffectContract
from vocolab.testing.engines import EngineContract
from vocolab.testing.language import LanguageContract
from vocolab.testing.models import ModelContract
from vocolab.testing.places import place_raised
from vocolab.testing.presets import PresetContract
from vocolab.testing.speech import AcousticModelContract, SynthesizerContract
from vocolab.testing.untestable import CantBeTestedError
from vocolab.testing.vocoders import VocoderContract
from vocolab.testing.voices import VoiceContract

_CONTRACTS: dict[str, tuple[type, str]] = {
    "vocoders": (VocoderContract, "spec"), "acoustic_models": (AcousticModelContract, "spec"),
    "synthesizers": (SynthesizerContract, "spec"), "models": (ModelContract, "spec"),
    "languages": (LanguageContract, "spec"), "effects": (EffectContract, "spec"),
    "detectors": (DetectorContract, "spec"), "engines": (EngineContract, "spec"),
    "voices": (VoiceContract, "source"), "presets": (PresetContract, "source"),
    "mel_conventions": (MelConventionContract, "source"), "commands": (CommandContract, "spec"),
}
"""The contract of what each hook gives, and the attribute that it is named by."""


class PackageContract:
    """What holds for a plugin as a whole."""

    host: ClassVar[PluginHost]
    record: ClassVar[PluginRecord]

    def test_it_loads_and_its_hooks_answer(self) -> None:
        """Nothing is raised while its module is imported, or by one of its hooks."""
        for hook in TABLES:
            self.host.given_by(self.record, f"vocolab_{hook}", object)
        assert not self.record.error, self.record.error

    def test_it_prints_nothing(self) -> None:
        """Neither while its module is imported, nor when it is asked what it offers."""
        self.host.load_all()
        assert not self.record.note, f"{self.record.note}: leave it out"

    def test_its_requirements_are_met(self) -> None:
        """What its metadata says that it needs is installed."""
        assert not (found := requirement_problems(self.record.dist)), "; ".join(found)

    def test_its_manifest_says_what_its_hooks_give(self) -> None:
        """Where it has one."""
        manifest = self.host.manifest_of(self.record)
        if manifest is None:
            return
        again = f"write it again: vocolab plugins manifest {self.record.dist}"
        for table in TABLES:
            said = [written_facts(row, manifest.file.parent) for row in manifest.tables.get(table, [])]
            given = [manifest_facts(table, spec, manifest.file.parent)
                     for spec in self.host.given_by(self.record, f"vocolab_{table}", object)]
            if len(said) == len(given):
                given = [_as_far_as_stated(hook, row) for hook, row in zip(given, said, strict=True)]
            assert said == given, f"{manifest.file.name}: [[{table}]] is {said}, and the hook gives {given}; {again}"


def _as_far_as_stated(given: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """What a hook gives without the keys that a manifest need not have, and has not: others have to be the same."""
    return {key: value for key, value in given.items() if key in said or key == "rank" or key not in OPTIONAL}


@dataclass(frozen=True)
class Property:
    """One promise of one thing that a package offers."""

    of: str
    """"effect tape"."""
    name: str
    """"the_output_is_finite"."""
    holds: Callable[[], None]
    """Raises where it does not."""


def properties_of(package: str, settings: Mapping[str, Any] | None = None) -> Iterator[Property]:
    """All that has to hold of a package, of its plugin or of the entry point of that name.

    Args:
        package: As it was installed: `vocolab-tape`.
        settings: What tests of each component set, by its name. None: as pyproject.toml of the current folder says.

    Raises:
        CallError: if no installed package of that name has an entry point in the group `vocolab`.
    """
    host = PluginHost()
    records = [record for record in host.records if package in (record.name, record.key, record.dist)
               or normalized(package) == record.dist]
    if not records:
        names = [name for record in host.records for name in (record.dist, record.name)]
        raise UnknownName("plugin", package, names, hint=f"No installed package of that name has an entry point in the "
                          f"group {GROUP!r}: state one in its pyproject.toml, and install it (again)")
    chosen = _settings() if settings is None else settings
    for record in records:
        whole = type("Whole", (PackageContract,), {"host": host, "record": record})
        yield from _properties(whole, f"plugin {record.name}", module_of(record))
        for table, (contract, attribute) in _CONTRACTS.items():
            for spec in host.given_by(record, f"vocolab_{table}", object):
                yield from _of_spec(contract, attribute, spec, record, host, chosen)


def check_contracts(catalog: Catalog, name: str) -> None:
    """Run the contracts of all that a package offers, and note with its records what does not hold."""
    records = [record for record in catalog.host.records if name in (record.name, record.dist, record.key)]
    for one in properties_of(name):
        try:
            one.holds()
        except CantBeTestedError:
            continue
        except Exception as error:
            what = PluginError(text_of(error) or type(error).__name__)
            records[0].fail(f"{one.of}, {one.name.replace('_', ' ')}", what)


def _of_spec(
    contract: type, attribute: str, spec: Any, record: PluginRecord, host: PluginHost, settings: Mapping[str, Any]
) -> Iterator[Property]:
    name = str(getattr(spec, "name", "")) or Path(str(getattr(spec, "folder", ""))).name
    facts: dict[str, Any] = {attribute: spec, **settings.get(name, {})}
    if issubclass(contract, ComponentContract):
        facts["module"] = module_of(record)
    if isinstance(spec, ModelSpec) and "voice" not in facts:
        facts["voice"] = _voice_for(spec, record, host)
    missing = "give it a voice" if isinstance(spec, ModelSpec) and spec.needs_voice and facts["voice"] is None else ""
    if issubclass(contract, LanguageContract) and "sentence" not in facts:
        missing = "give a `sentence` with numbers in it"
    for one in _properties(type("Made", (contract,), facts), f"{_word(attribute, spec)} {name}", module_of(record)):
        needs = missing and not one.name.startswith(("the_plugin_module", "the_default_options", "the_options"))
        why = f"{missing}: [tool.vocolab.{name}] in pyproject.toml"
        yield Property(one.of, one.name, _skipping(why)) if needs else one


def _properties(contract: type, of: str, module: str) -> Iterator[Property]:
    instance = contract()
    for name in dir(contract):
        if name.startswith("test_"):
            yield Property(of, name.removeprefix("test_"), _told(getattr(instance, name), module))


def _told(holds: Callable[[], None], module: str) -> Callable[[], None]:
    """A property whose failure says in which line of the package it is, and that needs to be told options says so."""

    def look() -> None:
        try:
            holds()
        except (AssertionError, CantBeTestedError):
            raise
        except OptionError as error:
            raise CantBeTestedError(f"{error}: set `options` of it in pyproject.toml") from error
        except BaseException as error:
            if not is_the_plugins_own(error):
                raise
            said = text_of(error) if isinstance(error, VocolabError) else f"{type(error).__name__}: {text_of(error)}"
            raise AssertionError(f"{said}{place_raised(error, module)}") from error

    return look


def _skipping(why: str) -> Callable[[], None]:
    def skip() -> None:
        raise CantBeTestedError(why)

    return skip


def _word(attribute: str, spec: AnySpec) -> str:
    kind = getattr(spec, "kind", "")
    return kind or type(spec).__name__.removesuffix("Spec").removesuffix("Source").lower()


def module_of(record: PluginRecord) -> str:
    """The module that a plugin's entry point names."""
    for entry in entry_points(group=GROUP):
        if entry.name == record.name and entry.dist is not None and normalized(entry.dist.name) == record.dist:
            return entry.value.partition(":")[0]
    raise CallError(f"{record.key} has no entry point")


def _voice_for(spec: ModelSpec, record: PluginRecord, host: PluginHost) -> Any:
    """The first voice that the package brings for a model; None where it brings none."""
    from vocolab.voice import Voice

    for entry in Catalog(host).voices.entries(record.dist):
        if entry.spec.model == spec.name and entry.spec.file.is_file():
            with as_file(entry.spec.file) as path:
                return Voice.load(path)
    return None


def _settings() -> Mapping[str, Any]:
    file = Path("pyproject.toml")
    if not file.is_file():
        return {}
    found = toml.loads(file.read_text(encoding="utf-8")).get("tool", {}).get("vocolab", {})
    return found if isinstance(found, dict) else {}
