"""A voice to an ONNX file: built, checked against torch, and only then written."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vocolab.catalog import Catalog
from vocolab.catalog.models import with_function
from vocolab.errors import CallError, DependencyMissing
from vocolab.files.atomic import check_place, whole_file
from vocolab.guarding import running
from vocolab.guarding.calls import broken
from vocolab.onnx_export.exportable import Exportable
from vocolab.plugins.host import Entry
from vocolab.plugins.specs import ModelSpec
from vocolab.plugins.targets import load_target
from vocolab.voice import Voice

if TYPE_CHECKING:
    from vocolab.onnx_export.agreement import Agreement

SUFFIX = ".onnx"
_PACKAGES = ("onnx", "onnxscript", "onnxruntime")


@dataclass(frozen=True)
class Exported:
    """What was written."""

    path: Path
    model: str
    computes: str
    inputs: dict[str, tuple[int | str, ...]]
    outputs: dict[str, tuple[int | str, ...]]
    """Names and shapes."""
    agreement: Agreement
    size_bytes: int
    left_out: tuple[str, ...]
    """What `vocolab render` does for this voice unless told otherwise, and the graph does not: "refine 16"."""

    def to_dict(self) -> dict[str, Any]:
        """All of it, as JSON knows it."""
        return {**asdict(self), "path": str(self.path)}


def export_voice(catalog: Catalog, voice: str | PathLike[str] | Voice, path: str | PathLike[str]) -> Exported:
    """Write the network of `voice` to `path` as ONNX, checked against torch at several lengths; whole or not at all.

    Raises:
        CallError: if `path` does not end in .onnx, or the voice's model has no exporter.
        UnknownName, CheckpointError: if there is no such voice, or it is damaged.
        DependencyMissing: if the packages of the extra `onnx` are not installed.
        OutputError: if the file can't be written.
        PluginError: if the network can't be expressed, or onnxruntime gives something else than torch.
    """
    target = Path(path)
    _check_target(target, voice)
    loaded = voice if isinstance(voice, Voice) else catalog.voices.load(voice)
    entry = catalog.models.reader_of(loaded)
    _check_exporter(catalog, entry)
    _check_packages()
    check_place(target)

    from vocolab.onnx_export.agreement import check_agreement
    from vocolab.onnx_export.graph import build_model

    exportable = _exportable(entry, loaded)
    model = build_model(exportable, loaded)
    agreement = check_agreement(model, exportable)
    model.metadata_props.add(key="agreement", value=json.dumps(asdict(agreement)))
    data = model.SerializeToString(deterministic=True)
    with whole_file(target) as temporary:
        temporary.write_bytes(data)
    inputs, outputs = ({port.name: port.shape for port in ports} for ports in (exportable.inputs, exportable.outputs))
    left_out = tuple(f"{name} {value}" for name, value in loaded.recommended.items())
    return Exported(target, entry.name, exportable.computes, inputs, outputs, agreement, len(data), left_out)


def exporting_models(catalog: Catalog) -> list[str]:
    """The names of the models that have an exporter."""
    return with_function(catalog.models.entries(), "exporter")


def _check_target(target: Path, voice: str | PathLike[str] | Voice) -> None:
    if target.suffix != SUFFIX:
        raise CallError(f"the file has to end in {SUFFIX}", about=target)
    if not isinstance(voice, Voice) and Path(fspath(voice)).resolve() == target.resolve():
        raise CallError("is the voice itself; name another output file", about=target)


def _check_exporter(catalog: Catalog, entry: Entry[ModelSpec]) -> None:
    if not entry.spec.exporter:
        names = ", ".join(exporting_models(catalog)) or "none of those installed"
        raise CallError(f"{entry.name} can't be exported: its plugin names no exporter. What can: {names}")


def _check_packages() -> None:
    if missing := [name for name in _PACKAGES if find_spec(name) is None]:
        are = "is" if len(missing) == 1 else "are"
        named = ", ".join(map(repr, missing))
        raise DependencyMissing(f"exporting needs {named}, which {are} not installed: pip install 'vocolab[onnx]'")


def _exportable(entry: Entry[ModelSpec], voice: Voice) -> Exportable:
    exporter = load_target(entry, "exporter")
    with running(entry.origin, "its exporter"):
        exportable = exporter(voice)
    if not isinstance(exportable, Exportable):
        raise broken(entry.origin, f"its exporter gave {type(exportable).__name__}, not an Exportable")
    return exportable
