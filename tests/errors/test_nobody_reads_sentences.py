"""No code learns a fact from the text of one of our errors, and none changes an error on its way."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from vocolab import errors

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = ROOT / "vocolab" / "testing"  # tests, which may say what a message has to hold
FILES = sorted(
    path
    for root in (ROOT / "vocolab", ROOT / "plugins")
    for path in root.rglob("*.py")
    if CONTRACTS not in path.parents
)
OURS = {name for name in errors.__all__ if isinstance(getattr(errors, name), type)} - {"Subject", "OptionProblem"}
ANY = {*OURS, "Exception", "BaseException"}
TAKING_APART = {
    "removeprefix", "removesuffix", "startswith", "endswith", "partition", "rpartition", "rsplit", "replace", "find",
    "rfind", "index", "match", "search", "fullmatch", "findall", "sub",
}  # fmt: skip


def names_in(node: ast.AST | None) -> set[str]:
    return set() if node is None else {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def with_errors(tree: ast.AST) -> Iterator[tuple[str, set[str], list[ast.stmt]]]:
    """Each stretch of code with an error in hand: the variable, the classes that it may be of, the statements."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name, names_in(node.type) & ANY, node.body
        if isinstance(node, ast.FunctionDef):
            for argument in node.args.args:
                yield argument.arg, names_in(argument.annotation) & ANY, node.body


def is_text_of(node: ast.AST, name: str) -> bool:
    """Whether an expression has the error's text in it: str(error), error.message, an f-string of it."""
    return any(
        (isinstance(part, ast.Call) and ast.unparse(part.func) == "str" and name in names_in(part))
        or (isinstance(part, ast.Attribute) and part.attr == "message" and name in names_in(part.value))
        or (isinstance(part, ast.FormattedValue) and name in names_in(part.value))
        for part in ast.walk(node)
    )


def offences(source: str) -> list[str]:
    found = []
    for name, classes, body in with_errors(ast.parse(source)):
        for node in (part for statement in body for part in ast.walk(statement)):
            of_it = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
            if classes and of_it and (node.attr == "args" or isinstance(node.ctx, ast.Store)):
                found.append(f"line {node.lineno}: {ast.unparse(node)} is changed or taken apart")
            if not classes & OURS:
                continue
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
                apart = is_text_of(node.comparators[0], name)
            else:
                called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
                apart = called and node.func.attr in TAKING_APART and is_text_of(node, name)
            if apart:
                found.append(f"line {node.lineno}: {ast.unparse(node)}")
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_file_does(file: Path) -> None:
    assert offences(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "body",
    [
        "error.args = (f'x: {error}',)",
        "text = str(error).removeprefix('x: ')",
        "text = f'{error}'.partition(': ')",
        "if 'x' in str(error): raise",
        "text = re.sub('x', '', error.message)",
        "error.settled = True",
    ],
)
def test_it_would_be_seen(body: str) -> None:
    assert offences(f"try:\n    work()\nexcept VocolabError as error:\n    {body}\n")
    assert offences(f"def f(error: AudioError):\n    {body}\n")
    assert not offences("try:\n    work()\nexcept VocolabError as error:\n    raise error.about('x') from error\n")
