"""What an exception says of the plugin that raised it."""

from __future__ import annotations


def is_the_plugins_own(error: BaseException) -> bool:
    """Whether an error says something of the plugin that raised it, and not that the whole process is to end.

    A class of `BaseException` that ends the process says so by a true attribute `ends_the_process`.
    """
    ends = isinstance(error, KeyboardInterrupt | GeneratorExit) or getattr(error, "ends_the_process", False)
    return not ends


def text_of(error: BaseException) -> str:
    """What an error says, in one line; also of one that fails when it is asked."""
    try:
        return " ".join(str(error).split())
    except Exception as second:
        return f"(its text can't be made: {type(second).__name__})"
