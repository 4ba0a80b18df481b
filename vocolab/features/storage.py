"""Features as files: `.npz` of arrays, `.json` and `.csv` for other programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from os import PathLike
from pathlib import Path

import numpy as np

from vocolab.errors import CallError
from vocolab.features.measuring import Features
from vocolab.files.atomic import whole_file

_COLUMNS = ("time_s", "f0_hz", "energy", "level_dbfs")


def _npz(features: Features) -> bytes:
    stream = io.BytesIO()
    convention = np.array(json.dumps(features.spec.to_dict(), sort_keys=True))
    np.savez(stream, mel_spec=convention, **{name: getattr(features, name) for name in _COLUMNS})
    return stream.getvalue()


def _json(features: Features) -> bytes:
    columns = {name: [round(float(value), 6) for value in getattr(features, name)] for name in _COLUMNS}
    return json.dumps({"mel_spec": features.spec.to_dict(), **features.facts(), **columns}).encode()


def _csv(features: Features) -> bytes:
    stream = io.StringIO()
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow(_COLUMNS)
    for values in zip(*(getattr(features, name) for name in _COLUMNS), strict=True):
        rows.writerow(f"{value:.6g}" for value in values)
    return stream.getvalue().encode()


WRITERS: dict[str, Callable[[Features], bytes]] = {".npz": _npz, ".json": _json, ".csv": _csv}


def check_suffix(path: str | PathLike[str]) -> None:
    """Whether features can be written to `path`.

    Raises:
        CallError: if the suffix is none of `WRITERS`.
    """
    if Path(path).suffix not in WRITERS:
        raise CallError(f"features are written as {', '.join(WRITERS)}", about=path)


def save_features(features: Features, path: str | PathLike[str]) -> None:
    """Write features, whole or not at all.

    Raises:
        CallError: if the suffix is none of `WRITERS`.
        OutputError: if the file can't be written.
    """
    check_suffix(path)
    content = WRITERS[Path(path).suffix](features)
    with whole_file(path) as temporary:
        temporary.write_bytes(content)
