"""How pictures look, and how they are saved: the same records give the same bytes.

Colours are told apart in every common colour blindness and, by lightness, in grey print
(blue #0b5394, orange #d9730d, after Okabe and Ito, "Color Universal Design", 2008).
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

INK, QUIET, LINE, PAPER = "#1f2933", "#5f6b76", "#dde2e7", "#ffffff"
BLUE, BLUE_PALE, ORANGE = "#0b5394", "#c9dcee", "#d9730d"

_INLINE = {INK: "ink", QUIET: "quiet", LINE: "line", PAPER: "paper", BLUE: "blue"}
_INLINE |= {BLUE_PALE: "blue-pale", ORANGE: "orange"}
_SETTINGS: dict[Any, object] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 10,
    "text.parse_math": False,  # a market called "$x$" is a name
    "axes.unicode_minus": True,
    "svg.fonttype": "none",  # words stay words: found, read aloud, in the page's font
}


@contextmanager
def styled() -> Iterator[None]:
    """Draw within this: settings that do not depend on the user's own."""
    import matplotlib as mpl

    with mpl.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)
        yield


def new_figure(width: float, height: float, rows: tuple[float, ...] = (1.0,)) -> Figure:
    """Make an empty figure (inches) with panels of these relative heights, sharing their x."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained", facecolor=PAPER)
    figure.subplots(len(rows), 1, sharex=True, height_ratios=list(rows))
    for axes in figure.axes:
        _plain(axes)
    return figure


def _plain(axes: Axes) -> None:
    axes.set_facecolor(PAPER)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(LINE)
    axes.tick_params(colors=QUIET, labelsize=9, length=0, pad=5)
    axes.grid(visible=True, color=LINE, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.xaxis.label.set_color(INK)
    axes.yaxis.label.set_color(INK)


def name_rows(axes: Axes, names: Sequence[str]) -> None:
    """Name rows from the top down, one below the other."""
    axes.set_yticks(range(len(names)), list(names), color=INK, fontsize=9.5)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.grid(visible=True, axis="x", color=LINE, linewidth=0.7)


def percent_axis(axis: Axis) -> None:
    """Write an axis of shares in percent."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value * 100:g} %"))


def label(name: str, limit: int = 22) -> str:
    """Shorten a name for an axis and leave out what no picture can hold."""
    seen = "".join(c for c in name if c.isprintable())
    return seen if len(seen) <= limit else seen[: limit - 1] + "…"


def svg(figure: Figure, name: str) -> str:
    """Write the figure as SVG; ``name`` keeps its ids apart from other figures' on a page."""
    import matplotlib as mpl

    out = io.StringIO()
    nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
    with styled():
        mpl.rcParams["svg.hashsalt"] = f"predictive-scoring {name}"
        figure.savefig(out, format="svg", metadata=nothing)
    return re.sub(r'<g id="', f'<g id="{name}-', out.getvalue())


def png(figure: Figure) -> bytes:
    """Write the figure as PNG at 160 dots per inch."""
    out = io.BytesIO()
    with styled():
        figure.savefig(out, format="png", dpi=160, metadata={"Software": None})
    return out.getvalue()


def inline(svg_text: str, title: str) -> str:
    """Fit an SVG into a page: no prolog, no style sheet, colours from the page's variables.

    ``title`` (made harmless here) is what a screen reader says instead of the picture.
    """
    from markupsafe import escape

    body = svg_text[svg_text.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", body, count=1, flags=re.DOTALL)
    body = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", body, count=1)
    body = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", body, count=1)
    for colour, variable in _INLINE.items():
        body = body.replace(colour, f"var(--{variable})")
    return body.replace("<svg", f'<svg role="img" aria-label="{escape(title)}"', 1).strip()
