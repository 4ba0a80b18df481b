"""The options of a component, as its pydantic schema states them."""

from __future__ import annotations

import json
from typing import Any

from vocolab.options import Options

HEADER = ("option", "type", "default", "range", "meaning")

_LIMITS = (("minimum", ">="), ("exclusiveMinimum", ">"), ("maximum", "<="), ("exclusiveMaximum", "<"))
_TYPES = {"number": "float", "integer": "int", "boolean": "bool", "string": "text", "array": "list", "object": "table"}


def option_rows(schema: type[Options]) -> list[tuple[str, str, str, str, str]]:
    """A row of texts for each option: see `HEADER`."""
    return [
        (name, option["type"], _shown(option["default"]), option["range"], option["description"])
        for name, option in described_options(schema).items()
    ]


def described_options(schema: type[Options]) -> dict[str, dict[str, Any]]:
    """For each option its `type`, `default` (null: none, or required), `required`, `range` and `description`."""
    document = schema.model_json_schema()
    required = document.get("required", [])
    return {
        name: {
            "type": _type(declared),
            "default": declared.get("default"),
            "required": name in required,
            "range": _range(declared),
            "description": " ".join(str(declared.get("description", "")).split()),
        }
        for name, declared in document.get("properties", {}).items()
    }


def _type(declared: dict[str, Any]) -> str:
    if "enum" in declared or "const" in declared:
        return "choice"
    if "anyOf" in declared:
        return " or ".join(dict.fromkeys(_type(one) for one in declared["anyOf"]))
    if "$ref" in declared:
        return str(declared["$ref"]).rpartition("/")[2]
    if declared.get("type") == "null":
        return "none"
    if declared.get("type") == "array" and "items" in declared:
        return f"list of {_type(declared['items'])}"
    return _TYPES.get(str(declared.get("type")), str(declared.get("type", "any")))


def _range(declared: dict[str, Any]) -> str:
    if "enum" in declared:
        return ", ".join(json.dumps(value) for value in declared["enum"])
    if "anyOf" in declared:
        return " or ".join(filter(None, map(_range, declared["anyOf"])))
    return ", ".join(f"{sign} {declared[key]:g}" for key, sign in _LIMITS if key in declared)


def _shown(default: Any) -> str:
    return "" if default is None else json.dumps(default, ensure_ascii=False)
