"""A crisis as a picture: unhappy posts an hour against what is usual, readable on a phone, in the light and in the dark. Pure.

It has digits and no words, so that it needs no font of ours and is the same in every language; the caption says the rest.
"""

from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from itertools import count
from math import ceil
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw, ImageFont

from monitor.crisis_view import Curve

WIDTH, HEIGHT = 1200, 640
LEFT, TOP, RIGHT, BOTTOM = 96, 40, 24, 84
PAPER, INK, GRID = "#20242c", "#d7dce4", "#3a404c"
"""A card of its own colour looks the same in both themes of Telegram."""
POSTS, USUAL = "#ff6b57", "#8fb8ff"
TEXT = 32
HOURS_BETWEEN = 6


def chart(curve: Curve, zone: ZoneInfo) -> bytes:
    """A PNG: bars are posts, the line is what is usual; the newest hour is on the right."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    highest = max([*curve.counts, *curve.usual, 1])
    between = _between(highest)
    top = between * ceil(highest / between)
    _grid(draw, top, between)
    _bars(draw, curve.counts, top)
    _line(draw, curve.usual, top)
    _hours(draw, curve, zone)
    png = BytesIO()
    image.save(png, "PNG", optimize=True)
    return png.getvalue()


def _between(highest: float) -> int:
    """From one line of the grid to the next: 1, 2, 5, 10, 20 …, and at most four lines above the ground."""
    round_ones = (int(digit * 10**zeros) for zeros in count() for digit in (1, 2, 5))
    return next(step for step in round_ones if 4 * step >= highest)


def _grid(draw: ImageDraw.ImageDraw, top: int, between: int) -> None:
    font = ImageFont.load_default(TEXT)
    for value in range(0, top + 1, between):
        y = _y(value, top)
        draw.line((LEFT, y, WIDTH - RIGHT, y), fill=GRID, width=2)
        draw.text((LEFT - 14, y), str(value), fill=INK, font=font, anchor="rm")


def _bars(draw: ImageDraw.ImageDraw, counts: Sequence[int], top: int) -> None:
    wide = _step(counts)
    for number, posts in enumerate(counts):
        x = LEFT + number * wide
        if posts:
            draw.rectangle((x + 3, _y(posts, top), x + wide - 3, _y(0, top)), fill=POSTS)


def _line(draw: ImageDraw.ImageDraw, usual: Sequence[float], top: int) -> None:
    wide = _step(usual)
    points = [(LEFT + (number + 0.5) * wide, _y(value, top)) for number, value in enumerate(usual)]
    draw.line(points, fill=USUAL, width=6, joint="curve")


def _hours(draw: ImageDraw.ImageDraw, curve: Curve, zone: ZoneInfo) -> None:
    font, wide, hours = ImageFont.load_default(TEXT), _step(curve.counts), len(curve.counts)
    for number in range(hours):
        ends = (curve.until - timedelta(hours=hours - 1 - number)).astimezone(zone)
        if ends.hour % HOURS_BETWEEN == 0:
            x = LEFT + (number + 1) * wide
            draw.line((x, _y(0, 1), x, _y(0, 1) + 10), fill=INK, width=3)
            draw.text((x, HEIGHT - BOTTOM + 18), f"{ends.hour}:00", fill=INK, font=font, anchor="mt")


def _step(values: Sequence[object]) -> float:
    return (WIDTH - LEFT - RIGHT) / len(values)


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top
