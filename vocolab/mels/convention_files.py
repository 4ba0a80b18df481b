"""A mel convention as a TOML file: what it is called, and every field of its `MelSpec`.

    family = "HiFi-GAN"
    summary = "80 bands to 8 kHz, ln"

    [mel_spec]
    sample_rate = 22050
    n_fft = 1024
    ...

`mean` and `scale` are a number, or one number for each band. Fields that change nothing unless they are stated may be
left out; those that decide what the numbers mean may not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from vocolab.errors import DocumentError, OptionError
from vocolab.mels.spec import MelSpec

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from vocolab.toml_document import TomlDocument

TABLE = "mel_spec"
OPTIONAL = ("magnitude_eps", "spectrum_scale", "log_gain", "log_offset", "dynamic_range_db", "clip", "mean", "scale")
"""Fields that a file may leave out."""


@dataclass(frozen=True)
class Convention:
    """A mel convention that has a name."""

    name: str
    family: str
    """The project that its mels come from."""
    summary: str
    """One line, without a full stop at its end."""
    spec: MelSpec
    needs_statistics: bool = False
    """Whether its mels are normalised by the statistics of their corpus, which `spec` then lacks."""
    same_as: str = ""
    """The convention of the same numbers whose name is given to them."""
    rank: int = 0
    """Where a mel may be of several conventions, that of the highest rank is named first."""


_KEYS: dict[str, type] = {"family": str, "summary": str, "needs_statistics": bool, "same_as": str, "rank": int}


def read_convention(file: Traversable, name: str = "") -> Convention:
    """The convention in a TOML file, called `name`, or after its file.

    Raises:
        DocumentError: if it can't be read, or is no convention; names the file, the line, the key and what is allowed.
    """
    from vocolab.toml_document import read_document

    document = read_document(file)
    name, spec = name or file.name.removesuffix(".toml"), _spec_in(document)
    values = {"family": "", "summary": "", **{key: document.values[key] for key in _KEYS if key in document.values}}
    return Convention(name, spec=spec, **values)


def spec_from_toml(text: str, source: str = "the text") -> MelSpec:
    """The convention in a TOML text, as `to_toml` writes it.

    Raises:
        DocumentError: naming `source`, the line and the key, if it is none.
    """
    from vocolab.toml_document import parse_document

    return _spec_in(parse_document(text, source))


def to_toml(spec: MelSpec, *, family: str = "", summary: str = "") -> str:
    """A convention as a TOML text: every field that it has, so that reading it gives the same convention."""
    about = [f"{key} = {_spelled(text)}" for key, text in (("family", family), ("summary", summary)) if text]
    table = [f"{name} = {_spelled(value)}" for name, value in spec.to_dict().items() if value is not None]
    return "\n".join([*about, *([""] if about else []), f"[{TABLE}]", *table, ""])


def table_problems(table: object) -> list[tuple[str, str]]:
    """What is wrong with the keys of a `[mel_spec]` table: pairs of key and message; the values `MelSpec` examines."""
    if not isinstance(table, dict):
        return [("", f"is no table; write [{TABLE}] and the fields of a convention under it")]
    known = {field.name for field in fields(MelSpec)}
    unknown = [(str(key), f"a mel convention has no {key}; it has {', '.join(sorted(known))}")
               for key in table if key not in known]
    missing = sorted(known - set(table) - set(OPTIONAL))
    lacking = [("", f"the convention does not say {', '.join(missing)}; 'vocolab conventions NAME --toml' prints a "
                    "whole one to begin with")]
    return unknown + (lacking if missing else [])


def _spec_in(document: TomlDocument) -> MelSpec:
    if problems := list(_problems(document)):
        raise DocumentError(problems)
    try:
        return MelSpec.from_dict(document.values[TABLE])
    except OptionError as error:
        raise DocumentError([document.problem((TABLE,), str(error))]) from error


def _problems(document: TomlDocument) -> Iterator[str]:
    for key, value in document.values.items():
        if key == TABLE:
            continue
        if key not in _KEYS:
            hint = f"; the fields of the convention stand under [{TABLE}]" if key in MelSpec.__annotations__ else ""
            yield document.problem((key,), f"{key}: unknown; allowed: {', '.join([*_KEYS, f'[{TABLE}]'])}{hint}")
        elif type(value) is not _KEYS[key]:
            yield document.problem((key,), f"{key} = {value!r}: has to be of type {_KEYS[key].__name__}")
    if TABLE not in document.values:
        yield document.problem((), f"there is no [{TABLE}] table, so this is no mel convention")
        return
    for key, text in table_problems(document.values[TABLE]):
        yield document.problem((TABLE, key) if key else (TABLE,), text)


def _spelled(value: Any) -> str:
    """A value as TOML has it. A float's shortest spelling is read as the same float."""
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        if len(value) > 2 and len(set(value)) == 1:
            return _spelled(value[0])
        return _lines([_spelled(one) for one in value])
    return repr(value)


def _lines(items: list[str], a_line: int = 8) -> str:
    if len(items) <= a_line:
        return f"[{', '.join(items)}]"
    rows = (", ".join(items[start : start + a_line]) for start in range(0, len(items), a_line))
    return "[\n    " + ",\n    ".join(rows) + ",\n]"
