"""Options: what a component can be told, typed, with units and ranges."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import fields
from typing import Annotated, Any, Literal, TypeVar, get_args, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model, field_validator
from pydantic_core import PydanticCustomError

from vocolab.errors import OptionError, OptionProblem
from vocolab.errors.wording import MOST_PROBLEMS, shortened


class Options(BaseModel):
    """Base of every component's options: strict types, no unknown names, no NaN, unchangeable."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


Count = Annotated[int, Field(ge=1, le=4096)]
"""A rate, a kernel or a dilation in a list of them. Voices come from anybody: a list without bounds could ask for any
padding there is, whatever the weights weigh."""


def with_tuples(value: Any) -> Any:
    """A table of a TOML or JSON file, which know lists only, with tuples in place of them: what strict options take."""
    if isinstance(value, dict):
        return {name: with_tuples(inner) for name, inner in value.items()}
    return tuple(with_tuples(inner) for inner in value) if isinstance(value, list) else value


class EffectOptions(Options):
    """What every effect can be told."""

    mix: float = Field(1.0, ge=0.0, le=1.0, description="0 is the input untouched, 1 the effect alone.")
    enabled: bool = Field(True, description="False leaves the effect out.")


class EditOptions(EffectOptions):
    """For effects that change length or rate: what comes out can't be blended with what went in."""

    mix: float = Field(1.0, ge=0.0, le=1.0, description="1; or 0, which is the input untouched. Nothing between.")

    @field_validator("mix")
    @classmethod
    def _all_or_nothing(cls, mix: float) -> float:
        if mix not in (0.0, 1.0):
            raise PydanticCustomError("mix", "what changes the length or the rate can't be blended: 1, or 0 for none")
        return mix


class Program:
    """Marks an option that names a file of native code: `Annotated[str, Program()]`.

    A preset may set it only to what the user's configuration allows; the command line may set it to anything.
    """


class GivenFile:
    """Marks an option that names a file to read: `Annotated[str, GivenFile()]`.

    A preset may set it only to what the user's configuration allows, as a `Program`.
    """


def program_options(schema: type[Options]) -> list[str]:
    """The names of the options that are marked as a `Program`."""
    return _marked(schema, Program)


def file_options(schema: type[Options]) -> list[str]:
    """The names of the options that are marked as a `GivenFile`."""
    return _marked(schema, GivenFile)


def _marked(schema: type[Options], marker: type) -> list[str]:
    return [name for name, field in schema.model_fields.items() if any(isinstance(m, marker) for m in field.metadata)]


O = TypeVar("O", bound=Options)  # noqa: E741


def options_of(kind: type[Any], base: type[Options] = Options) -> type[Options]:
    """The fields of a dataclass as options: names, types, ranges, descriptions and defaults stand in one place.

    Args:
        kind: A dataclass whose fields have defaults, with `Annotated[..., Field(...)]` for what options say of them.
        base: What the options inherit from, such as validators.
    """
    hints = get_type_hints(kind, include_extras=True)
    declared: dict[str, Any] = {field.name: (hints[field.name], field.default) for field in fields(kind)}
    return create_model(kind.__name__, __base__=base, **declared)


def option_problems(schema: type[Options], values: dict[str, Any]) -> list[OptionProblem]:
    """What is wrong with `values`, empty where all is well; of very many problems the first 100."""
    try:
        schema.model_validate(values)
    except ValidationError as error:
        return [_problem(schema, dict(detail)) for detail in error.errors(include_url=False)[:MOST_PROBLEMS]]
    return []


def make_options(schema: type[O], values: dict[str, Any], owner: str) -> O:
    """Options of `schema`, or one error that lists every problem.

    Raises:
        OptionError: naming `owner`, the option, what was given and what is allowed.
    """
    problems = option_problems(schema, values)
    if problems:
        raise OptionError(problems, owner=owner)
    return schema.model_validate(values)


def _problem(schema: type[Options], detail: dict[str, Any]) -> OptionProblem:
    name = ".".join(str(part) for part in detail["loc"]) or "options"
    if detail["type"] == "extra_forbidden":
        names = tuple(sorted(_table(schema, detail["loc"][:-1]).model_fields))
        near = difflib.get_close_matches(str(detail["loc"][-1]), names, n=1)
        return OptionProblem(name, "unknown option", kind="unknown", allowed=names, near=near[0] if near else "")
    message = str(detail["msg"])
    what = f"{message[0].lower()}{message[1:]}"
    kind: Literal["missing", "value"] = "missing" if detail["type"] == "missing" else "value"
    return OptionProblem(name, what, found=shortened(repr(detail.get("input"))), kind=kind)


def _table(schema: type[BaseModel], path: Sequence[str | int]) -> type[BaseModel]:
    """The schema of the table at `path`; where a step leads to none, the one before it."""
    for step in path:
        field = schema.model_fields.get(str(step))
        kinds = () if field is None else (field.annotation, *get_args(field.annotation))
        schema = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), schema)
    return schema
