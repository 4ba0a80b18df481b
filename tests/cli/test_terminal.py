"""Text of others reaches the terminal without anything that it would obey."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.cli.main import run
from vocolab.cli.status_line import StatusLine
from vocolab.cli.terminal import VisibleText, json_for, visible, visible_json, visible_streams

ESCAPES = "\x1b]0;title\x07\x1b[31m"


def test_controls_become_visible_and_text_stays() -> None:
    assert visible(ESCAPES + "\x9b31m\x7f\r\b") == "?]0;title??[31m?31m???"
    assert visible("a\u202ecod.exe\u2066b") == "a?cod.exe?b", "what turns the direction shows another name"
    text = "naïve 今日は\tمرحبا\n"
    assert visible(text) == text
    assert visible(os.fsdecode(b"caf\xe9.wav")) == "caf?.wav"


def test_json_says_the_same_in_escapes() -> None:
    value = {"name": f"{ESCAPES}\x9b\x7f{os.fsdecode(b'caf' + bytes([0xE9]))} é\u202e"}
    written = visible_json(json.dumps(value, ensure_ascii=False))
    assert json.loads(written) == value and visible(written) == written


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "ascii", "utf-16"])
def test_what_an_encoding_can_not_write_is_escaped(encoding: str) -> None:
    value = {"name": f"Größe Привет 😀 {os.fsdecode(b'caf' + bytes([0xE9]))} \x85\x7f"}
    data = io.BytesIO()
    stream = VisibleText(io.TextIOWrapper(data, encoding=encoding))
    stream.write(json_for(stream, value))
    stream.flush()
    assert json.loads(data.getvalue().decode(encoding)) == value
    stream.write(value["name"])
    stream.flush()
    assert "caf" in data.getvalue().decode(encoding)


def test_a_greek_name_on_a_latin_stream(tmp_path: Path) -> None:
    path = tmp_path / "καλημέρα.wav"
    Audio.mono(0.1 * np.sin(np.arange(48_000) / 20), 48_000).save(path)
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    for more in ([], ["--json"]):
        call = [sys.executable, "-m", "vocolab", "measure", str(path), *more]
        done = subprocess.run(call, capture_output=True, env=environment, check=False)
        assert done.returncode == 0, done.stderr
        text = done.stdout.decode("cp1252")
        assert json.loads(text)[0]["file"] == str(path) if more else "\\u03ba" in text


def test_all_ways_to_a_stream_are_one() -> None:
    stream = io.StringIO()
    filtered = VisibleText(stream)
    print(ESCAPES, file=filtered)
    filtered.writelines([ESCAPES, "\n"])
    assert stream.getvalue() == 2 * "?]0;title??[31m\n"
    assert not filtered.isatty()


def test_the_status_line_draws_and_what_it_shows_does_not(capsys: pytest.CaptureFixture[str],
                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with visible_streams():
        line = StatusLine()
        line.draw(ESCAPES)
        line.erase()
    assert capsys.readouterr().err == "\r?]0;title??[31m\x1b[K\r\x1b[K"


@pytest.mark.parametrize("command", ["check", "presets"])
@pytest.mark.parametrize("line", [f"summary = {json.dumps(ESCAPES)}", f'summary = "x"\n{json.dumps(ESCAPES)} = 1'])
def test_a_preset_says_nothing_to_the_terminal(tmp_path: Path, command: str, line: str) -> None:
    (tmp_path / "x.toml").write_text(f"format = 1\n{line}\n")
    master, slave = pty.openpty()
    with open(slave, "w", encoding="utf-8") as terminal, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", terminal)
        patch.setattr(sys, "stderr", terminal)
        run([command, str(tmp_path / "x.toml")])
        terminal.flush()
        shown = os.read(master, 65536)
    os.close(master)
    assert b"x" in shown and b"\x1b" not in shown and b"\x07" not in shown
