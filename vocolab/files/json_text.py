"""JSON that can be written as UTF-8, whatever names are in it."""

from __future__ import annotations

import json
import re
from typing import Any

_LONE = re.compile("[\ud800-\udfff]")


def json_text(value: Any, indent: int | None = None) -> str:
    """JSON as people read it, with an escape for each byte of a file's name that is no UTF-8."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    return _LONE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
