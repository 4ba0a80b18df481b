"""Pictures: matplotlib where it is installed, and files that appear whole."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vocolab.errors import CallError, DependencyMissing

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def new_figure(width_inches: float, height_inches: float) -> Figure:
    """An empty figure with an Agg canvas; pyplot would keep figures and pick a window system.

    Raises:
        DependencyMissing: if matplotlib is not installed.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        text = "drawing needs 'matplotlib', which is not installed: pip install 'vocolab[plot]'"
        raise DependencyMissing(text) from error
    figure = Figure(figsize=(width_inches, height_inches), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def check_picture(path: Path) -> None:
    """Whether a picture can be written to `path`, before there is anything to draw.

    Raises:
        CallError: if matplotlib has no format of that suffix.
        DependencyMissing: if matplotlib is not installed.
    """
    kinds = sorted(_kinds(new_figure(1, 1)))
    if path.suffix.lower().lstrip(".") not in kinds:
        raise CallError(f"pictures are written as {', '.join(kinds)}", about=path)


def save_figure(figure: Figure, path: Path, dpi: int = 150) -> None:
    """Write a figure in the format that the suffix names, whole or not at all.

    Raises:
        CallError: if matplotlib has no format of that suffix.
        OutputError: if the file can't be written.
    """
    from vocolab.files.atomic import whole_file

    check_picture(path)
    with whole_file(path) as temporary, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")  # an emoji in a name stands as a box
        figure.savefig(temporary, format=path.suffix.lower().lstrip("."), dpi=dpi)


def plain(text: str) -> str:
    """A text of others, such as a file's name, as a figure can have it: no formula, and nothing that can't be drawn."""
    shown = "".join(sign if sign.isprintable() else "?" for sign in text)
    return shown.replace("$", r"\$")


def _kinds(figure: Figure) -> dict[str, Any]:
    return dict(figure.canvas.get_supported_filetypes())
