"""What the English normaliser can be told. Light: this is read to list languages."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from vocolab.options import Options


class EnglishOptions(Options):
    """How what can be read in two ways is read."""

    years: Literal["pairs", "cardinal", "digits"] = Field(
        "pairs", description="1905: nineteen oh five; one thousand nine hundred five; one nine zero five."
    )
    dates: Literal["month-first", "day-first"] = Field(
        "month-first", description="Which 03/04/2024 begins with, where the numbers leave that open."
    )
    days: Literal["ordinal", "cardinal"] = Field("ordinal", description="May 5: May fifth; May five.")
    digits: Literal["zero", "oh"] = Field("zero", description="The 0 of telephone numbers, codes and serials.")
    long_numbers: Literal["digits", "value"] = Field(
        "digits", description="Five or more digits without commas: one by one, or as a number."
    )
    hundreds: Literal["plain", "and"] = Field("plain", description="120: one hundred twenty; one hundred and twenty.")
