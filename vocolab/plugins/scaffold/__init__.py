"""A package to start a plugin from: it installs, passes its contract, lints and types as it is.

The templates are files, so that they read as what they become; `$name` and its like are put in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from string import Template

from vocolab.errors import CallError, OutputError
from vocolab.plugins.host import normalized

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_TEMPLATES = files("vocolab.plugins.scaffold") / "templates"


@dataclass(frozen=True)
class Kind:
    """What a plugin can be begun as."""

    summary: str
    """The summary that the package has at first."""
    module: str = ""
    """The module of its work; empty where there is none."""
    data: str = ""
    """The file of its data: a folder, and a template."""
    use: str = ""
    """A line that shows how it is used."""
    table: str = ""
    """The manifest's row, where it is not a name and a summary."""
    hook: str = ""
    settings: str = ""
    """What the contract is told in pyproject.toml."""
    requires: str = ""
    """What the package needs beside vocolab, numpy and pydantic."""


_VOICELESS = 'name = "$name"\nsummary = "$summary"\nneeds_voice = false'

KINDS: dict[str, Kind] = {
    "effect": Kind("Soft saturation of the peaks", "effect", use="vocolab effects $name", hook="effects",
                   settings="options = { drive_db = 12.0 }"),
    "detector": Kind("Recordings that are too quiet", "detector", use="vocolab inspect speech.wav", hook="detectors"),
    "vocoder": Kind("A single note with the loudness of the mel", "vocoder", hook="vocoders", table=_VOICELESS,
                    use="vocolab render speech.npy --vocoder $name -o speech.wav"),
    "acoustic-model": Kind("Five frames a phoneme", "model", hook="acoustic_models", table=_VOICELESS,
                           use="vocolab say 'Hello.' --voice $name --vocoder griffinlim -o hello.wav"),
    "synthesizer": Kind("A note a letter", "synthesizer", hook="synthesizers", table=_VOICELESS,
                        use="vocolab say 'Hello.' --voice $name -o hello.wav"),
    "preset": Kind("Speech at -16 LUFS", data="presets/$name.toml", hook="presets", table='folder = "presets"',
                   use="vocolab master speech.wav --preset $name"),
    "command": Kind("Print how long audio files are", "command", hook="commands", use="vocolab $name speech.wav",
                    table='name = "$name"\nsummary = "$summary"\ntarget = "$package.command:command"'),
    "convention": Kind("A mel convention at 16 kHz", data="conventions/$name.toml", hook="mel_conventions",
                       table='folder = "conventions"', use="vocolab conventions $name"),
    "language": Kind("Every word as it is spelled", "language", hook="languages", use="vocolab text 'We are 3.' "
                     "--language $name", table='name = "$name"\nsummary = "$summary"\ntags = ["art-x-$name"]',
                     settings='sentence = "We are 3."'),
    "engine": Kind("ONNX graphs by ONNX's reference implementation", "engine", hook="engines", requires='"onnx>=1.17"',
                   table='name = "$name"\nsummary = "$summary"\npackages = ["onnx"]',
                   use="vocolab render speech.npy --voice vocos-22k --engine $name -o speech.wav"),
}
"""The kinds that have templates. A voice is packed of one that is there: `vocolab.voices.packing`."""


def new_package(name: str, kind: str, parent: Path) -> Path:
    """Write a package that brings one thing of a kind, and give its folder.

    Args:
        name: Of the thing, in lower case: the package is `vocolab-NAME`.
        kind: One of `KINDS`.
        parent: Where its folder is made.

    Raises:
        CallError: if the name or the kind can't be, or the folder is there already.
        OutputError: if it can't be written.
    """
    if kind not in KINDS:
        raise CallError(f"there is no kind {kind!r} of plugin; there is: {', '.join(KINDS)}, voice")
    name = normalized(name).removeprefix("vocolab-")
    if not _NAME.fullmatch(name):
        raise CallError(f"{name!r} is no name of a plugin: lower case letters, digits and hyphens, as in 'warm-tape'")
    chosen, dist = KINDS[kind], f"vocolab-{name}"
    folder = parent / dist
    if folder.exists():
        raise CallError("is there already: name another plugin, or another folder with --in", about=folder)
    words = {
        "name": name, "dist": dist, "package": dist.replace("-", "_"), "summary": chosen.summary,
        "Class": "".join(part.capitalize() for part in name.split("-")), "vocolab": version("vocolab"),
        "requires": f", {chosen.requires}" if chosen.requires else "",
        "year": str(datetime.now(timezone.utc).year),
    }
    words["use"] = Template(chosen.use).substitute(words)
    try:
        for place, text in _files(kind, chosen, words).items():
            file = folder / place
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"can't be written: {error.strerror or error}", about=folder) from error
    return folder


def _files(kind: str, chosen: Kind, words: dict[str, str]) -> dict[str, str]:
    """The text of each file by its place."""
    source = f"src/{words['package']}"
    project = _filled("common/pyproject.toml", words)
    if chosen.settings:
        project += f"\n[tool.vocolab.{words['name']}]\n{chosen.settings}\n"
    row = Template(chosen.table or 'name = "$name"\nsummary = "$summary"').substitute(words)
    found = {
        "pyproject.toml": project,
        "README.md": _filled("common/README.md", words),
        "LICENSE": _filled("common/LICENSE", words),
        ".github/workflows/test.yml": _filled("common/ci.yml", words),
        f"{source}/__init__.py": f'"""{words["summary"]}, for vocolab."""\n',
        f"{source}/py.typed": "",
        f"{source}/plugin.py": _filled(f"{kind}/plugin.py", words),
        f"{source}/plugin.toml": f"interface = 1\n\n[[{chosen.hook}]]\n{row}\n",
        f"tests/test_{words['name'].replace('-', '_')}.py": _filled(f"{kind}/test.py", words),
    }
    if chosen.module:
        found[f"{source}/{chosen.module}.py"] = _filled(f"{kind}/{chosen.module}.py", words)
    if chosen.data:
        place = Template(chosen.data).substitute(words)
        found[f"{source}/{place}"] = _filled(f"{kind}/{kind}.toml", words)
    return found


def _filled(template: str, words: dict[str, str]) -> str:
    text = _TEMPLATES.joinpath(f"{template}.txt").read_text(encoding="utf-8")
    return Template(text).substitute(words)
