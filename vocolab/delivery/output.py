"""The form of the finished file. Command line, presets and Python have the same fields: those of `Output`."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Annotated, Any, Literal

from pydantic import Field

from vocolab.errors import CallError
from vocolab.files.formats import CONTAINERS, Coding, Container, Form, FormatName, container_of
from vocolab.options import Options, make_options, options_of
from vocolab.tags import Tags


@dataclass(frozen=True, kw_only=True)
class Output(Coding):
    """What a finished file is. None: as it comes, or as the format has it."""

    sample_rate_hz: Annotated[
        int | None, Field(ge=4_000, le=768_000, description="Sample rate. Default: as it comes.")
    ] = None
    format: Annotated[
        FormatName | None, Field(description="Of files that are not named. Default: wav.")
    ] = None
    channels: Annotated[
        Literal[1, 2] | None, Field(description="Mixed to one, or one put on both. Default: as they come.")
    ] = None

    def __or__(self, other: Output) -> Output:
        """Both, `other`'s where both state something; a stated format goes with its bitrate or quality."""
        ours, theirs = self.stated(), other.stated()
        if {"format", "bitrate_kbps", "quality"} & set(theirs):
            ours.pop("bitrate_kbps", None)
            ours.pop("quality", None)
        return Output(**{**ours, **theirs})

    @property
    def container(self) -> Container:
        """What files that are not named are written in."""
        return CONTAINERS[f".{self.format or 'wav'}"]

    def of_file(self, path: object) -> Output:
        """The same, its format that of the file's suffix.

        Raises:
            CallError: if another format is stated, or the suffix names none.
        """
        named = container_of(str(path)).format
        if self.format not in (None, named):
            raise CallError(f"the suffix and the format {self.format} contradict each other; give one", about=path)
        return replace(self, format=named)

    def form(self, stated: Output, *, seed: int = 0, tags: Tags = Tags()) -> Form:  # noqa: B008  frozen
        """How files are written where a call states something over this, which is a preset's.

        A preset's bit depth is for formats that have one. A stated one stays, to be refused by those that have none.
        """
        both = self | stated
        coding = {field.name: getattr(both, field.name) for field in fields(Coding)}
        if both.container.is_lossy:
            coding["bit_depth"] = stated.bit_depth
        return Form(**coding, seed=seed, tags=tags)

    def stated(self) -> dict[str, Any]:
        """The fields that are not None."""
        return {name: value for name, value in vars(self).items() if value is not None}


OutputTable: type[Options] = options_of(Output)
"""The same fields as options, which are checked: `[output]` of a preset."""


def output_of(values: dict[str, Any], owner: str = "output") -> Output:
    """An output of these fields.

    Raises:
        OptionError: if one is unknown, of another type, or out of its range.
    """
    return Output(**dict(make_options(OutputTable, values, owner)))
