"""Every function of vocolab that reads a file runs when the good files of the fuzz targets are read.

A function reads a file if it calls one of `_READING`. What a target's reader runs is seen while it runs, so that a
reader which is moved, or which nothing leads to any more, shows. It runs in a process of its own: what is read once and
kept has been read by other tests here.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
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
    "read_text", "read_bytes", "read_given", "read_given_text", "open_given", "ZipFile", "TarFile", "SoundFile",
    "fromfile", "memmap", "safe_open", "loads", "load_all", "ParserCreate", "open",
}
_LOADING = {"np", "torch", "yaml", "json", "pickle", "safetensors"}
"""Whose `load` reads a file; that of a class here calls one of the others."""
_SHIPPED, _TYPED, _OWN = "data inside the package", "what the user types", "what this process has written"
_TOOL = "a tool that makes what is inside the package, for files that its author has"
NO_FILES_OF_OTHERS = {
    "plugins/vocolab_engines/onnx_engine.py:compile": "what its own session has just written",
    "plugins/vocolab_english/letter_sounds.py": _SHIPPED,
    "plugins/vocolab_english/training/": _TOOL,
    "plugins/vocolab_fastspeech2/synthetic/": _TOOL,
    "plugins/vocolab_harmonic/pitch_training.py": _TOOL,
    "vocolab/crews/": "what processes and nodes of one user tell each other",
    "vocolab/plugins/import_times.py": "what its own process tells",
    "vocolab/bench/judges/": "the judges' environment, and what its process answers",
    **{f"vocolab/bench/speed/{name}.py": "what its own processes tell each other"
       for name in ("measuring", "memory", "reference", "startup", "worker")},
    "vocolab/cli/tag.py:_read": "opens what `editable_container` reads, which has a target",
    "vocolab/files/ffmpeg.py:_tags": "what ffmpeg has written, which has the target 'tags by ffmpeg'",
    "plugins/vocolab_server/encoders/library.py:__init__": _OWN,
    "plugins/vocolab_server/page_routes.py:page_routes": _SHIPPED,
    "plugins/vocolab_server/worker/__main__.py:main": "what the server hands to its own processes",
    "vocolab/plugins/scaffold/": _SHIPPED,
    "vocolab/engines/processor.py:processor": "what the system says of its processor",
    "vocolab/bench/results.py:_cpu": "what the system says of its processor",
    "vocolab/cli/text.py:_options": _TYPED,
    "vocolab/cli/pipes.py:send": _OWN,
    "vocolab/cli/presets.py:_file_text": "a preset that has been checked just before, printed",
    "vocolab/cli/recipes.py:_content": "a recipe of a plugin, printed",
    "vocolab/audio.py:save": _OWN,
    "vocolab/files/decoding.py:_by_ffmpeg": "what ffmpeg has written, of files that libsndfile does not know",
    "vocolab/testing/": "checks that authors of plugins run",
    "vocolab/toml_document.py:parse_value": _TYPED,
    "vocolab/files/pcm.py:stored_pcm": _OWN,
    "vocolab/files/writer.py:_opened": _OWN,
}
"""Functions, modules and folders that read files and that no target has to run, and why."""


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
    if isinstance(called, ast.Name):
        return called.id in _READING - {"open"}
    if not isinstance(called, ast.Attribute):
        return False
    owner = called.value.id if isinstance(called.value, ast.Name) else ""
    if called.attr == "open":  # of a path; with another mode it writes, and what else has an `open` takes no mode
        return [mode.value for mode in node.args if isinstance(mode, ast.Constant)] in (["rb"], ["r"])
    return called.attr in _READING or (called.attr == "load" and owner in _LOADING)


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
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run([sys.executable, __file__, str(tmp_path)], env=environment, capture_output=True, check=True)
    reading, run = set(reading_functions()), set(json.loads(told.stdout.splitlines()[-1]))
    missing = sorted(one for one in reading - run if not one.startswith(tuple(NO_FILES_OF_OTHERS)))
    assert missing == [], "readers that no fuzz target runs; add one to tests/fuzzing, or say why there is none"


def test_what_has_no_target_is_there() -> None:
    reading = list(reading_functions())
    assert [one for one in NO_FILES_OF_OTHERS if not any(name.startswith(one) for name in reading)] == []


if __name__ == "__main__":
    print(json.dumps(sorted(run_functions(Path(sys.argv[1])))))
