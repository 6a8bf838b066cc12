"""How sure the model is, and how often it is right then: one panel a language, as SVG."""

from collections.abc import Mapping, Sequence
from html import escape
from math import sqrt
from typing import Any

from monitor.sentiment.evaluation.evaluation import MODEL

SIDE = 180
"""Of a panel, in pixels."""
_LEFT, _TOP, _GAP = 44, 34, 56
_LARGEST = 13
"""Radius of the bin that has most of a language's rows; the others' areas are in proportion."""
_MOST = 12
"""Languages drawn."""

Bin = Mapping[str, float]


def plot(figures: Mapping[str, Any]) -> str:
    """Return an SVG of what ``figures`` says of calibration, the panels in its order."""
    languages = {name: bins for name, bins in figures["calibration"].items() if bins}
    panels = [
        _panel(number, name, bins, figures["languages"][name][MODEL]["sentiment"]["ece"])
        for number, (name, bins) in enumerate(list(languages.items())[:_MOST])
    ]
    width, height = _LEFT + max(1, len(panels)) * (SIDE + _GAP), _TOP + SIDE + 46
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">',
            f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
            *panels,
            "</svg>\n",
        ]
    )


def _panel(number: int, name: str, bins: Sequence[Bin], ece: float) -> str:
    most = max(one["rows"] for one in bins)
    rows = int(sum(one["rows"] for one in bins))
    marks = [_mark(one, most) for one in bins]
    ticks = [_tick(share) for share in (0.0, 0.5, 1.0)]
    return "\n".join(
        [
            f'<g transform="translate({_LEFT + number * (SIDE + _GAP)} {_TOP})" fill="#333333">',
            f'<text x="0" y="-12"><tspan font-weight="bold">{escape(name)}</tspan> · ECE {ece:.3f} · {rows:,} rows</text>',
            f'<rect width="{SIDE}" height="{SIDE}" fill="none" stroke="#999999"/>',
            f'<path d="M0 {SIDE}L{SIDE} 0" stroke="#999999" stroke-dasharray="4 4"/>',
            *ticks,
            *marks,
            f'<text x="{SIDE / 2}" y="{SIDE + 34}" text-anchor="middle">how sure it was</text>',
            f'<text transform="translate(-30 {SIDE / 2}) rotate(-90)" text-anchor="middle">how often it was right</text>',
            "</g>",
        ]
    )


def _mark(one: Bin, most: float) -> str:
    radius = max(1.5, _LARGEST * sqrt(one["rows"] / most))
    return (
        f'<circle cx="{one["sure"] * SIDE:.1f}" cy="{(1 - one["right"]) * SIDE:.1f}" r="{radius:.1f}" '
        f'fill="#1f6feb" fill-opacity="0.6"><title>{one["rows"]:.0f} rows: {one["sure"]:.2f} sure, '
        f"{one['right']:.2f} right</title></circle>"
    )


def _tick(share: float) -> str:
    along = share * SIDE
    return (
        f'<text x="{along:.0f}" y="{SIDE + 16}" text-anchor="middle">{share:g}</text>'
        f'<text x="-6" y="{SIDE - along + 4:.0f}" text-anchor="end">{share:g}</text>'
    )
