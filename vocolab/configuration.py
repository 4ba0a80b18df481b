"""The user's configuration: `~/.config/vocolab/config.toml`, and where vocolab keeps what can be made again.

    [defaults]                       # of the command line
    voice = "vocos-48k"
    preset = "broadcast"
    device = "auto"
    engine = "torch"

    [plugins]
    off = ["vocolab-tape"]           # a package, package:plugin, or a plugin's name
    first = ["vocolab-warm"]         # packages of which a name goes before the built-in one

    [paths]
    vst3 = ["/opt/vst3"]             # folders that presets may name VST3 plugins from
    references = ["~/references"]    # folders that presets may name recordings from

Every key may be left out, and so may the file. Nothing is read before something asks.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vocolab.errors import CallError, DocumentError

if TYPE_CHECKING:
    from vocolab.toml_document import TomlDocument

_NAME = "config.toml"
_HOME = "vocolab"
"""The package whose plugins are the built-in ones."""
_DEVICES = ("cpu", "cuda", "mps", "auto")
CACHE_VARIABLE = "VOCOLAB_CACHE"
"""The environment variable that states where everything is kept that can be made again."""


@dataclass(frozen=True)
class Configuration:
    """What is in force. A value that the file does not state is None, or empty."""

    file: Path
    exists: bool = False
    voice: str | None = None
    preset: str | None = None
    device: str | None = None
    engine: str | None = None
    plugins_off: frozenset[str] = frozenset()
    plugins_first: tuple[str, ...] = ()
    vst3_folders: tuple[Path, ...] = ()
    reference_folders: tuple[Path, ...] = ()
    lines: dict[str, int] = field(default_factory=dict, compare=False)
    """The line of every key that the file states: "defaults.voice"."""

    def origin(self, key: str) -> str:
        """`file:line` of a key, "built in" where the file does not state it."""
        return f"{self.file}:{self.lines[key]}" if key in self.lines else "built in"


def configuration_folder() -> Path:
    """Where the user's own presets and configuration are: `XDG_CONFIG_HOME/vocolab`, by default ~/.config/vocolab."""
    return _base("XDG_CONFIG_HOME", ".config") / "vocolab"


def configuration_file() -> Path:
    """The configuration's file: `VOCOLAB_CONFIG`, or config.toml in `configuration_folder`."""
    stated = os.environ.get("VOCOLAB_CONFIG")
    return _expanded(stated) if stated else configuration_folder() / _NAME


def cache_folder() -> Path:
    """Where everything is kept that can be made again: `VOCOLAB_CACHE`, `XDG_CACHE_HOME/vocolab`, or ~/.cache/vocolab.

    Nothing is created here; who writes there makes the folder.
    """
    stated = os.environ.get(CACHE_VARIABLE)
    return _expanded(stated) if stated else _base("XDG_CACHE_HOME", ".cache") / "vocolab"


def config() -> Configuration:
    """What the user's file says, checked whole; nothing but defaults where there is no file.

    Raises:
        DocumentError: if it can't be read, or has unknown keys or values that can't be meant; all problems, with file,
            line, key and what is allowed.
        CallError: if `VOCOLAB_CONFIG` names a file that is not there.
    """
    file = configuration_file()
    try:
        state = file.stat()
    except FileNotFoundError:
        if os.environ.get("VOCOLAB_CONFIG"):
            raise CallError("VOCOLAB_CONFIG names this file, and there is no such file", about=file) from None
        return Configuration(file)
    except OSError as error:
        raise CallError(f"the configuration can't be read: {error.strerror or error}", about=file) from error
    return _read(file, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=4)
def _read(file: Path, _changed_ns: int, _size: int) -> Configuration:
    from vocolab.toml_document import read_document

    document = read_document(file)
    if problems := list(_problems(document)):
        raise DocumentError(problems)
    values = document.values
    defaults, plugins = values.get("defaults", {}), values.get("plugins", {})
    paths = values.get("paths", {})
    folders = {key: tuple(_expanded(folder) for folder in paths.get(key, ())) for key in ("vst3", "references")}
    return Configuration(
        file, True, defaults.get("voice"), defaults.get("preset"), defaults.get("device"), defaults.get("engine"),
        frozenset(plugins.get("off", ())), tuple(plugins.get("first", ())), folders["vst3"], folders["references"],
        lines={f"{table}.{key}": document.line((table, key)) for table, keys in values.items() for key in keys},
    )


def _name(value: Any) -> str:
    good = isinstance(value, str) and value.strip() and "\0" not in value
    return "" if good else "has to be a name or a path, as text"


def _named_file(value: Any) -> str:
    """A name, or a path that means the same file wherever vocolab is called."""
    if problem := _name(value):
        return problem
    is_path = value.endswith((".toml", ".safetensors")) or value.startswith(("~", "."))
    if is_path and not _expanded(value).is_absolute():
        return "a path has to be absolute, or begin with ~, to mean one file from everywhere"
    return ""


def _device(value: Any) -> str:
    kind, _, number = value.partition(":") if isinstance(value, str) else ("", "", "")
    if kind in _DEVICES and (":" not in value or (kind == "cuda" and number.isdecimal())):
        return ""
    return f"allowed are {', '.join(_DEVICES)}, and cuda:N"


def _plugins(value: Any) -> str:
    if not isinstance(value, list) or any(_name(one) for one in value):
        return 'has to be a list of names, as in ["vocolab-tape"]'
    if _HOME in value:
        return f"vocolab's own plugins can't be switched off together; name one, as in {_HOME}:waveglow"
    return ""


def _packages(value: Any) -> str:
    good = isinstance(value, list) and not any(_name(one) for one in value)
    return "" if good else 'has to be a list of packages, as in ["vocolab-tape"]'


def _folders(value: Any) -> str:
    if not isinstance(value, list) or any(_name(one) for one in value):
        return 'has to be a list of folders, as in ["/opt/vst3"]'
    relative = [one for one in value if not _expanded(one).is_absolute()]
    return f"{', '.join(map(repr, relative))}: folders have to be absolute, or begin with ~" if relative else ""


KEYS = {
    "defaults": {"voice": _named_file, "preset": _named_file, "device": _device, "engine": _name},
    "plugins": {"off": _plugins, "first": _packages},
    "paths": {"vst3": _folders, "references": _folders},
}
"""What a configuration may say, and what examines it: gives what is wrong, or an empty string."""


def _problems(document: TomlDocument) -> Iterator[str]:
    for table, keys in document.values.items():
        if table not in KEYS:
            known = ", ".join(f"[{name}]" for name in KEYS)
            yield document.problem((table,), f"{table}: unknown; a configuration has {known}")
        elif not isinstance(keys, dict):
            yield document.problem((table,), f"{table}: has to be a table: write [{table}]")
        else:
            yield from _table_problems(document, table, keys)


def _table_problems(document: TomlDocument, table: str, keys: dict[str, Any]) -> Iterator[str]:
    for key, value in keys.items():
        if key not in KEYS[table]:
            known = ", ".join(KEYS[table])
            yield document.problem((table, key), f"{table}.{key}: unknown; allowed in [{table}]: {known}")
        elif problem := KEYS[table][key](value):
            yield document.problem((table, key), f"{table}.{key} = {value!r}: {problem}")


def _expanded(text: str) -> Path:
    """A path with the home folder for its `~`; the one of a user who is not there stays as it is written."""
    return Path(os.path.expanduser(text))


def _base(variable: str, fallback: str) -> Path:
    """A base folder by the XDG specification, which knows absolute paths only."""
    stated = os.environ.get(variable, "")
    return Path(stated) if stated.startswith("/") else Path(os.path.expanduser("~")) / fallback
