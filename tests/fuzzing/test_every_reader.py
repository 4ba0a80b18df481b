"""Every function of vocolab that reads a file runs when the good files of the fuzz targets are read.

A function reads a file if it calls one of `_READING`. What a target's reader runs is seen while it runs, so that a
reader which is moved, or which nothing leads to any more, shows.
"""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from target import check
from targets import TARGETS

import vocolab

ROOT = Path(vocolab.__file__).parents[1]
_READING = {
    "read_text", "read_bytes", "read_given", "read_given_text", "open_given", "read_text_file", "read_document",
    "read_npy", "read_npy_header", "read_member", "ZipFile", "TarFile", "SoundFile", "fromfile", "memmap", "safe_open",
    "parse_config", "loads", "load", "load_all",
}
NO_FILES_OF_OTHERS = {
    # What the user types, or what vocolab has just written itself
    "vocolab/toml_document.py:parse_value": "a value of --set",
    "vocolab/cli/text.py:_options": "a value of --set",
}
"""Functions that call one of `_READING` and that no target has to run, and why."""


def reading_functions() -> Iterator[str]:
    """The functions of the core and the plugins that read files, as "file:function"."""
    for folder in ("vocolab", "plugins"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            place = file.relative_to(ROOT).as_posix()
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef) and any(map(_reads, ast.walk(node))):
                    yield f"{place}:{node.name}"


def _reads(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    return name in _READING


def run_functions(folder: Path) -> set[str]:
    """The functions that run while every good file is read."""
    seen: set[CodeType] = set()

    def watch(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call":
            seen.add(frame.f_code)

    for target in TARGETS.values():
        seeds = target.seeds()
        sys.setprofile(watch)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                for seed in seeds:
                    check(target, seed, folder)
        finally:
            sys.setprofile(None)
    files = ((Path(code.co_filename), code.co_name) for code in seen)
    return {f"{file.relative_to(ROOT).as_posix()}:{name}" for file, name in files if file.is_relative_to(ROOT)}


def test_every_reader_has_a_target(tmp_path: Path) -> None:
    reading, run = set(reading_functions()), run_functions(tmp_path)
    missing = sorted(reading - run - set(NO_FILES_OF_OTHERS))
    assert missing == [], "readers that no fuzz target runs; add one to tests/fuzzing, or say why there is none"


def test_what_has_no_target_is_there_and_is_not_run(tmp_path: Path) -> None:
    assert set(NO_FILES_OF_OTHERS) <= set(reading_functions())
