"""Units of measure by their symbols, with the SI's prefixes, squares, cubes and quotients."""

from __future__ import annotations

import re

from vocolab_english.normaliser.tables import listed, table

_PREFIXES = {"n": "nano", "μ": "micro", "u": "micro", "m": "milli", "c": "centi", "d": "deci", "k": "kilo",
             "M": "mega", "G": "giga", "T": "tera", "P": "peta"}  # fmt: skip
_SI = {
    "m": ("meter", "nμumcdk"), "g": ("gram", "nμumk"), "s": ("second", "nμum"), "L": ("liter", "μumcdk"),
    "l": ("liter", "μumcdk"), "Hz": ("hertz", "mkMGT"), "W": ("watt", "nμumkMGT"), "V": ("volt", "nμumkM"),
    "A": ("amp", "nμumk"), "J": ("joule", "mkMGT"), "N": ("newton", "mkM"), "Pa": ("pascal", "mkMG"),
    "Ω": ("ohm", "mkMG"), "F": ("farad", "nμum"), "B": ("byte", "kMGTP"), "b": ("bit", "kMGT"),
    "bps": ("bit per second", "kMGT"), "Wh": ("watt hour", "kMGT"), "eV": ("electronvolt", "kMGT"),
    "Bq": ("becquerel", "kMGT"), "Sv": ("sievert", "μum"), "Gy": ("gray", "m"), "H": ("henry", "μum"),
    "T": ("tesla", "μum"), "t": ("ton", "kM"), "M": ("molar", "μum"),
}  # fmt: skip
_ALONE = frozenset({"m", "g", "L", "l", "Hz", "W", "V", "J", "N", "Pa", "Ω", "eV", "Wh", "Sv", "Bq"})
_SAME = {"henry": "henries", "foot": "feet", "inch": "inches"}


def _many(one: str) -> str:
    head, per, rest = one.partition(" per ")
    return (_SAME.get(head) or head + ("" if head.endswith(("hertz", "lux")) else "s")) + per + rest


def _names() -> dict[str, tuple[str, str]]:
    names = {}
    for symbol, (unit, prefixes) in _SI.items():
        if symbol in _ALONE:
            names[symbol] = (unit, _many(unit))
        for prefix in prefixes:
            names[prefix + symbol] = (_PREFIXES[prefix] + unit, _many(_PREFIXES[prefix] + unit))
    for row in table("units"):
        for written in row[0].split():
            names[written] = (row[1], row[2] if len(row) > 2 else _many(row[1]))
    return names


UNITS = _names()
"""What one and many of each unit are called, by its symbol."""
_FOLDED = {written.lower(): name for written, name in reversed(UNITS.items()) if len(written) > 1}
_CASE_MATTERS = listed("cd lm lx au ac kn kt mi pt mo ea pg wd bar rad mol cal in. ha mb tb pa mw class word")
"""Symbols that mean something else in other letters: 5 CDs, AC, PT."""

_POWER = r"(?:\^?[23²³](?!\d))"
_TOKEN = (
    rf"(?:m\.p\.h|fl\.oz|(?:(?:sq|cu)\.?\s?)?(?:°\s?[CFK](?!\w)|°[cf]?|[%‰]|[A-Za-zμΩÅ][A-Za-zμΩ]{{0,11}})){_POWER}?"
)
UNIT = rf"(?P<unit>{_TOKEN}(?:\s?/\s?{_TOKEN}){{0,2}})(?P<stop>\.(?!\w))?(?![\w²³])"
"""What may be a unit after a number; `unit_words` knows whether it is one."""
PER = rf"(?:\s?/\s?(?P<per>{_TOKEN})(?![\w²³]))"
"""What may be a unit after a price: $20/mo."""

_PART = re.compile(r"(?P<square>(?:sq|cu)(?:\.\s?|\s))?(?P<name>.+?)(?P<power>\^?[23²³])?$")
_SQUARES = {"2": "square", "²": "square", "3": "cubic", "³": "cubic", "s": "square", "c": "cubic"}
_PER_TIME = {"square": "squared", "cubic": "cubed"}


def _name(written: str, *, many: bool, per: bool = False) -> str | None:
    """One unit in words: "m²" is "square meter", or "per second squared" below a stroke; None for what is no unit."""
    match = _PART.match(written)
    names = UNITS.get(written) or (match and (UNITS.get(match["name"]) or _folded(match["name"])))
    if not names or not match:
        return None
    name = names[1 if many else 0]
    power = "" if written in UNITS else (match["square"] or (match["power"] or "").lstrip("^"))[:1]
    if not power:
        return name
    square = _SQUARES[power]
    return f"{name} {_PER_TIME[square]}" if per and name == "second" else f"{square} {name}"


def _folded(name: str) -> tuple[str, str] | None:
    return None if len(name) < 2 or name.lower() in _CASE_MATTERS else _FOLDED.get(name.lower())


def unit_words(written: str, *, many: bool) -> str | None:
    """A unit in words: "km/h" is "kilometers per hour"; None for what is no unit."""
    written = written.replace("° ", "°")
    if written in UNITS:
        return UNITS[written][1 if many else 0]
    first, *below = re.split(r"\s?/\s?", written)
    parts = [_name(first, many=many), *(_name(part, many=False, per=True) for part in below)]
    return " per ".join(part for part in parts if part) if all(parts) else None


def per_words(written: str) -> str:
    """What a price is for: "mo" is "per month", "ea" is "each", "seat" "per seat"."""
    words = unit_words(written, many=False) or re.sub(r"[^A-Za-z]", "", written)
    return words if words == "each" else f"per {words}"
