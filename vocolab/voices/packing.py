"""A voice as a package: a wheel that `pip install` takes, with licence, provenance and a model card in it."""

from __future__ import annotations

import base64
import hashlib
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version

from vocolab.errors import CallError
from vocolab.files.atomic import whole_file
from vocolab.plugins.host import HOME, normalized
from vocolab.toml_writing import toml_value
from vocolab.voice import Voice

if TYPE_CHECKING:
    from vocolab.catalog import Catalog

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_SPDX = re.compile(r"[A-Za-z0-9.+() -]+")
_DATE = (1980, 1, 1, 0, 0, 0)
"""Of everything in the wheel, so that the same voice gives the same wheel."""


@dataclass(frozen=True)
class VoicePackage:
    """A voice, and what its package is called."""

    voice: Voice
    name: str
    licence: str
    version: str = "0.1.0"
    reader: str = HOME
    """The distribution that brings the model which reads the voice."""

    @property
    def dist(self) -> str:
        """The distribution's name."""
        return f"vocolab-{self.name}"

    @property
    def package(self) -> str:
        """The name to import."""
        return self.dist.replace("-", "_")

    @property
    def summary(self) -> str:
        """One line on the voice."""
        rate = "" if self.voice.mel_spec is None else f", {self.voice.mel_spec.sample_rate / 1000:g} kHz"
        return f"{self.name}, a voice of {self.voice.model}{rate}"

    def words(self) -> dict[str, str]:
        """What is put into the templates."""
        needed = {f'"{HOME}>=0.1,<1"', f'"{self.reader}"'} - ({f'"{HOME}"'} if self.reader == HOME else set())
        return {
            "dist": self.dist, "package": self.package, "name": self.name, "version": self.version,
            "licence": self.licence, "summary": self.summary, "summary_text": toml_value(self.summary),
            "model": self.voice.model, "kind": self.voice.kind, "card": self._card(),
            "requires": ", ".join(sorted(needed)),
        }

    def _card(self) -> str:
        rows = {"model": self.voice.model, "kind": self.voice.kind, "parameters": f"{self.voice.parameters:,}",
                **self.voice.provenance}
        return "\n".join(f"| {_cell(name).replace('_', ' ')} | {_cell(value)} |" for name, value in rows.items())


def voice_package(
    catalog: Catalog, voice: str, *, licence: str, name: str = "", version: str = "0.1.0"
) -> VoicePackage:
    """The package of a voice, by its name or file, with the licence written into the voice's own provenance.

    Raises:
        UnknownName, CheckpointError: if there is no such voice, or it is damaged.
        CallError: if the licence, the name or the version can't be, or the voice states another licence.
    """
    loaded = catalog.voices.load(voice)
    name = normalized(name or Path(voice.rpartition("/")[2]).stem).removeprefix("vocolab-")
    if not _NAME.fullmatch(name):
        raise CallError(f"{name!r} is no name of a voice: lower case letters, digits and hyphens, as in 'anna-22k'")
    if not licence.strip() or not _SPDX.fullmatch(licence):
        raise CallError(f"--license {licence!r}: give an SPDX expression such as CC-BY-4.0, CC0-1.0 or Apache-2.0")
    try:
        version = str(Version(version))  # which no blanks or ends of lines surround any more
    except InvalidVersion:
        raise CallError(f"{version!r} is no version of a package: write it as 0.1.0") from None
    stated = str(loaded.provenance.get("licence") or "")
    if stated and _plain(stated) != _plain(licence):
        raise CallError(f"the voice states the licence {stated!r}, and --license says {licence!r}: only who made it "
                        "can change that, with 'vocolab train export --licence'")
    named = replace(loaded, provenance={**loaded.provenance, "licence": licence})
    reader = catalog.models.get(loaded.model).dist
    return VoicePackage(named, name, licence, version, reader)


def write_package(catalog: Catalog, voice: str, parent: Path, *, licence: str, name: str) -> Path:
    """The source tree of a voice's package, and its folder.

    Raises:
        CallError: as `voice_package`; or if the folder is there already.
        OutputError: if it can't be written.
    """
    made = voice_package(catalog, voice, licence=licence, name=name)
    folder = parent / made.dist
    if folder.exists():
        raise CallError("is there already: name another package, or another folder with --in", about=folder)
    source = folder / "src" / made.package
    (folder / "tests").mkdir(parents=True)
    source.mkdir(parents=True)
    words = made.words()
    for place, template in (("pyproject.toml", "pyproject.toml"), ("README.md", "README.md"),
                            (f"tests/test_{made.name.replace('-', '_')}.py", "test.py"),
                            (".github/workflows/test.yml", "../common/ci.yml")):
        file = folder / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_filled(template, words), encoding="utf-8")
    for place, text in _module_files(words).items():
        (source / place).write_text(text, encoding="utf-8")
    made.voice.save(source / f"{made.name}.safetensors")
    return folder


def write_wheel(made: VoicePackage, folder: Path) -> Path:
    """The wheel of a voice, whole or not at all.

    Raises:
        OutputError: if it can't be written.
    """
    words, stem = made.words(), f"{made.package}-{made.version}"
    info = f"{stem}.dist-info"
    target = folder / f"{stem}-py3-none-any.whl"
    with TemporaryDirectory(prefix="vocolab-") as scratch:
        weights = Path(scratch, "voice.safetensors")
        made.voice.save(weights)
        content: dict[str, bytes] = {
            **{f"{made.package}/{place}": text.encode() for place, text in _module_files(words).items()},
            f"{made.package}/{made.name}.safetensors": weights.read_bytes(),
            f"{info}/METADATA": (_metadata(made) + "\n" + _filled("README.md", words)).encode(),
            f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: vocolab\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            f"{info}/entry_points.txt": f"[vocolab]\n{made.name} = {made.package}.plugin\n".encode(),
        }
    content[f"{info}/RECORD"] = _record(content, f"{info}/RECORD")
    with whole_file(target) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, data in content.items():
            archive.writestr(zipfile.ZipInfo(place, _DATE), data, zipfile.ZIP_DEFLATED)
    return target


def _metadata(made: VoicePackage) -> str:
    lines = [
        "Metadata-Version: 2.4", f"Name: {made.dist}", f"Version: {made.version}", f"Summary: {made.summary}",
        f"License-Expression: {made.licence}", "Keywords: vocolab-plugin,voice", f"Requires-Dist: {HOME}<1,>=0.1",
        *([f"Requires-Dist: {made.reader}"] if made.reader != HOME else []), "Description-Content-Type: text/markdown",
    ]
    return "\n".join(lines) + "\n"


def _record(content: Mapping[str, bytes], own: str) -> bytes:
    rows = []
    for place, data in content.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        rows.append(f"{place},sha256={digest},{len(data)}")
    return ("\n".join([*rows, f"{own},,"]) + "\n").encode()


def _module_files(words: Mapping[str, str]) -> dict[str, str]:
    return {
        "__init__.py": f'"""{words["summary"]}."""\n', "py.typed": "",
        "plugin.py": _filled("plugin.py", words), "plugin.toml": _filled("plugin.toml", words),
    }


def _filled(template: str, words: Mapping[str, str]) -> str:
    folder = files("vocolab.plugins.scaffold") / "templates" / "voice"
    text = Path(str(folder)).joinpath(f"{template}.txt").read_text(encoding="utf-8")
    return Template(text).substitute(words)


def _plain(licence: str) -> str:
    return re.sub(r"[^a-z0-9.+]", "", licence.lower())


def _cell(value: object) -> str:
    """One cell of a table: no end of a line, whatever ends one, and no further cell."""
    return " ".join(str(value).replace("|", "/").split())
