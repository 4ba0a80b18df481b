"""The fields of `Output` as options of the command line: `sample_rate_hz` is --sample-rate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from types import NoneType
from typing import Any, TypeVar, get_args, get_type_hints

import click
from annotated_types import Ge, Le
from pydantic.fields import FieldInfo

from vocolab.delivery.output import Output

F = TypeVar("F", bound=Callable[..., Any])
_METAVARS = {"sample_rate_hz": "HZ", "bitrate_kbps": "KBPS", "quality": "0..10"}


def form_options(function: F) -> F:
    """An option for each field of `Output`, None where it is not given."""
    hints = get_type_hints(Output, include_extras=True)
    for name in reversed([field.name for field in fields(Output)]):
        allowed, *extras = get_args(hints[name])
        function = _option(name, allowed, next(extra for extra in extras if isinstance(extra, FieldInfo)))(function)
    return function


def _option(name: str, allowed: Any, field: FieldInfo) -> Callable[[F], F]:
    """The option for a field whose type is `allowed`: a number in a range or one of several values, or None."""
    (kind,) = (kind for kind in get_args(allowed) if kind is not NoneType)
    values = get_args(kind)
    return click.option(
        "--" + name.removesuffix("_hz").replace("_", "-"),
        name,
        type=click.Choice([str(value) for value in values]) if values else _range(kind, field),
        callback=(lambda _context, _option, text: _chosen(values, text)) if values else None,
        metavar=_METAVARS.get(name),
        help=str(field.description).replace("Default: ", "Default: the preset's, else "),
    )


def _chosen(values: tuple[Any, ...], text: str | None) -> Any:
    return next((value for value in values if str(value) == text), None)


def _range(kind: type, field: FieldInfo) -> click.IntRange | click.FloatRange:
    least: Any = next(limit.ge for limit in field.metadata if isinstance(limit, Ge))
    most: Any = next(limit.le for limit in field.metadata if isinstance(limit, Le))
    return click.IntRange(least, most) if kind is int else click.FloatRange(least, most)
