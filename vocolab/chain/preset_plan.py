"""What a preset file says, checked against what is installed, before anything of it is imported.

All problems of a file and of the overrides are found in one go; each says where it is and what would be right.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from vocolab.catalog import Catalog, PresetFile
from vocolab.chain.overrides import VOCODER, Override, parse_overrides, unmatched, vocoder_values
from vocolab.chain.programs import program_problems
from vocolab.delivery.output import Output, OutputTable
from vocolab.delivery.target import Target, TargetTable
from vocolab.errors import CallError, DocumentError, PresetError, UnknownName
from vocolab.errors.wording import MOST_PROBLEMS
from vocolab.options import EffectOptions, Options, option_problems
from vocolab.plugins.host import Entry
from vocolab.plugins.requirements import requirement_problem
from vocolab.plugins.specs import EffectSpec
from vocolab.postfilters.options import PostfilterOptions, split_options
from vocolab.toml_document import KeyPath, TomlDocument, read_document

FORMAT = 1
MOST_EFFECTS = 200
_KEYS = ("format", "summary", "requires", "output", "target", "vocoder", "effects")


@dataclass(frozen=True)
class Step:
    """One effect of a preset."""

    entry: Entry[EffectSpec]
    options: EffectOptions

    @property
    def effect(self) -> str:
        """Its name."""
        return self.entry.name

    @property
    def summary(self) -> str:
        """What it does."""
        return self.entry.spec.summary


@dataclass(frozen=True)
class PresetPlan:
    """A preset that has been found right; `vocolab.chain.presets.build` makes a chain of it."""

    name: str
    summary: str
    source: str
    """The file."""
    steps: tuple[Step, ...]
    output: Output
    target: Target
    vocoder: dict[str, Any] = field(default_factory=dict)
    """The table `[vocoder]`, with its `use`; empty if there is none."""
    vocoder_overrides: dict[str, Any] = field(default_factory=dict)
    """What `--set vocoder.option=value` said."""


def plan_preset(preset: PresetFile, catalog: Catalog, overrides: Sequence[str] = ()) -> PresetPlan:
    """Read a preset file and check all of it.

    Raises:
        PresetError: with every problem of the file, as `file:line: ...`, and of the overrides.
    """
    parsed, problems = parse_overrides(overrides)
    try:
        document = read_document(preset.file)
    except DocumentError as error:
        raise PresetError(error.problems) from error
    if wrong := _format_problem(document):
        raise PresetError([*problems, wrong])
    check = _Check(document, catalog, parsed)
    check.keys()
    summary = check.summary()
    check.requires()
    output = check.table("output", OutputTable)
    target = check.table("target", TargetTable)
    vocoder = check.vocoder()
    steps = check.effects()
    if problems := [*problems, *check.problems]:
        raise PresetError(problems)
    return PresetPlan(
        preset.name, summary, document.name, tuple(steps),
        Output(**output), Target(**target), vocoder, vocoder_values(parsed),
    )


def _format_problem(document: TomlDocument) -> str:
    """A file of another format is not looked at any further: nothing in it need mean what it means here."""
    if "format" not in document.values:
        return document.problem((), f"format: missing; the first line has to be 'format = {FORMAT}'")
    number = document.values["format"]
    if type(number) is int and number == FORMAT:
        return ""
    return document.problem(("format",), f"format: this vocolab reads format {FORMAT}, the file says {number!r}")


class _Check:
    """Walks through a document and collects what is wrong with it and with the overrides."""

    def __init__(self, document: TomlDocument, catalog: Catalog, overrides: list[Override]) -> None:
        self._document, self._values = document, document.values
        self._catalog, self._overrides = catalog, overrides
        self._found: list[tuple[int, str]] = []
        self._outside: list[str] = []

    @property
    def problems(self) -> list[str]:
        """Those of the overrides, then those of the file from its top to its end."""
        return [*self._outside, *(text for _, text in sorted(self._found, key=lambda found: found[0]))]

    def keys(self) -> None:
        for key in self._values:
            if key not in _KEYS and len(self._found) < MOST_PROBLEMS:
                self._report((key,), f"{key}: unknown key.{_near(key, _KEYS)} Keys: {', '.join(_KEYS)}")

    def summary(self) -> str:
        summary = self._values.get("summary")
        if isinstance(summary, str) and summary.strip() and "\n" not in summary:
            return summary
        found = "missing" if summary is None else f"{summary!r} is not one line of text"
        self._report(("summary",), f'summary: {found}; write summary = "what the preset is for"')
        return ""

    def requires(self) -> None:
        wanted = self._values.get("requires", [])
        if not (isinstance(wanted, list) and all(isinstance(item, str) for item in wanted)):
            self._report(("requires",), 'requires: has to be a list of texts such as "vocolab-tape>=0.2"')
            return
        for item in wanted:
            if wrong := requirement_problem(item):
                self._report(("requires",), f"requires: {wrong}")

    def table(self, name: str, schema: type[Options]) -> dict[str, Any]:
        values = self._table(name)
        for problem in option_problems(schema, values):
            self._report((name, *_parts(problem.option)), f"[{name}] {problem}")
        return values

    def vocoder(self) -> dict[str, Any]:
        table = self._table(VOCODER)
        if "vocoder" not in self._values:
            return table
        values, core = split_options({key: value for key, value in table.items() if key not in ("use", "voice")})
        for problem in option_problems(PostfilterOptions, core):
            self._report((VOCODER, problem.option), f"[vocoder] {problem}")
        entry = self._named(self._catalog.vocoders, table, (VOCODER,), "[vocoder]")
        if entry is not None:
            for problem in option_problems(entry.spec.options, values):
                self._report((VOCODER, *_parts(problem.option)), f"[vocoder] ({table['use']}) {problem}")
        if "voice" in table:
            self._named(self._catalog.voices, table, (VOCODER, "voice"), "[vocoder] voice", key="voice")
        return table

    def effects(self) -> list[Step]:
        tables = self._values.get("effects", [])
        if not (isinstance(tables, list) and all(isinstance(table, dict) for table in tables)):
            self._report(("effects",), "effects: each effect has to be a table [[effects]]")
            return []
        if len(tables) > MOST_EFFECTS:
            self._report(("effects",), f"effects: {len(tables)} effects; a preset has {MOST_EFFECTS} at most")
            return []
        steps = [self._effect(number, dict(table)) for number, table in enumerate(tables)]
        uses = [table["use"] for table in tables if isinstance(table.get("use"), str)]
        self._outside.extend(unmatched(self._overrides, uses))
        return [step for step in steps if step is not None]

    def _effect(self, number: int, table: dict[str, Any]) -> Step | None:
        path: KeyPath = ("effects", number)
        entry = self._named(self._catalog.effects, table, path, f"effects[{number}]")
        if entry is None:
            return None
        use = table.pop("use")
        changes = {change.option: change for change in self._overrides if change.changes(use)}
        values = {**table, **{option: change.value for option, change in changes.items()}}
        problems = option_problems(entry.spec.options, values)
        for problem in problems:
            option = problem.option
            change = changes.get(option.partition(".")[0]) or changes.get(option)
            if change is None:
                self._report((*path, *_parts(option)), f"effects[{number}] ({use}) {problem}")
            elif (said := f"{change.where}: {use} {problem}") not in self._outside:
                self._outside.append(said)
        if problems:
            return None
        stated = {option: value for option, value in table.items() if option not in changes}
        for option, refusal in program_problems(use, entry.spec.options, stated):
            self._report((*path, option), f"effects[{number}] ({use}) {refusal}")
        return Step(entry, entry.spec.options.model_validate(values))

    def _named(self, registry: Any, table: dict[str, Any], path: KeyPath, label: str, key: str = "use") -> Any:
        """The entry that a table names under `key`, None if that is no installed one."""
        name = table.get(key)
        if not isinstance(name, str) or not name:
            found = "missing" if name is None else f"{name!r} is no name"
            self._report(path, f'{label}: {key} is {found}; write {key} = "{_example(registry)}"')
            return None
        where = (*path, key) if path[-1] != key else path
        if ":" in name or "." in name.rpartition("/")[2]:
            self._report(where, f"{label}: {name!r} is no {registry.kind} name; presets hold no Python paths or files")
            return None
        try:
            return registry.get(name)
        except UnknownName as error:
            self._report(where, f"{label} ({name}): {error}")
        except CallError as error:
            self._report(where, f"{label}: {error}")
        return None

    def _table(self, name: str) -> dict[str, Any]:
        values = self._values.get(name, {})
        if isinstance(values, dict):
            return dict(values)
        self._report((name,), f"{name}: has to be a table [{name}]")
        return {}

    def _report(self, path: KeyPath, text: str) -> None:
        self._found.append((self._document.line(path), self._document.problem(path, text)))


def _near(word: str, words: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(words), n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


def _example(registry: Any) -> str:
    names: list[str] = registry.names()
    return names[0] if names else "name"


def _parts(option: str) -> KeyPath:
    """`bands.0.gain_db` as the document's line numbers know it."""
    return tuple(int(part) if part.isdigit() else part for part in option.split("."))
