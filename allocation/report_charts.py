"""The report's bar charts as inline SVG: stacked by category, with numbers, readable in print."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from markupsafe import Markup, escape

from allocation.report_map import COLOURS
from allocation.words import number

__all__ = ["Row", "columns", "rows"]

Row = tuple[str, Mapping[str, int]]  # label, count by top class

_LINE: Final = 24
_END: Final = 46
_WIDE: Final = 0x2E80  # where CJK characters begin


def rows(data: Sequence[Row], width: float) -> Markup:
    """Horizontal bars, one a row, stacked by class, with the total at the end."""
    most = max((sum(counts.values()) for _, counts in data), default=0) or 1
    left = _room(label for label, _ in data)
    room = width - left - _END
    parts: list[str] = []
    for index, (label, counts) in enumerate(data):
        y = index * _LINE
        parts.append(f'<text x="{left - 8:.0f}" y="{y + 16}" class="label">{escape(label)}</text>')
        x = left
        for top, colour in COLOURS.items():
            length = counts.get(top, 0) / most * room
            if length > 0:
                parts.append(f'<rect x="{x:.1f}" y="{y + 4}" width="{length:.1f}" height="16" fill="{colour}"/>')
            x += length
        total = number(sum(counts.values()), 0)
        parts.append(f'<text x="{x + 6:.1f}" y="{y + 16}" class="total">{total}</text>')
    return _svg(width, max(1, len(data)) * _LINE + 4, parts)


def columns(data: Sequence[Row], width: float, height: float) -> Markup:
    """Vertical bars, one a day, stacked by class; every fifth label is written, counted from the last."""
    most = max((sum(counts.values()) for _, counts in data), default=0) or 1
    left, bottom, top_room = 34.0, 22.0, 14.0
    room, step = height - bottom - top_room, (width - left) / max(1, len(data))
    parts: list[str] = []
    for share in (0.5, 1.0):
        y = top_room + room * (1 - share)
        parts.append(f'<path d="M{left} {y:.1f}H{width}" class="grid"/>')
        parts.append(f'<text x="{left - 6}" y="{y + 4:.1f}" class="label">{number(most * share, 0)}</text>')
    parts.append(f'<path d="M{left} {height - bottom}H{width}" class="axis"/>')
    for index, (label, counts) in enumerate(data):
        x, y = left + index * step, height - bottom
        for top, colour in COLOURS.items():
            tall = counts.get(top, 0) / most * room
            y -= tall
            if tall > 0:
                parts.append(
                    f'<rect x="{x + step * 0.14:.1f}" y="{y:.1f}" width="{step * 0.72:.1f}" height="{tall:.1f}" fill="{colour}"/>'
                )
        if (len(data) - 1 - index) % 5 == 0:
            middle = min(x + step / 2, width - 16)
            parts.append(f'<text x="{middle:.1f}" y="{height - 6}" class="tick">{escape(label)}</text>')
    return _svg(width, height, parts)


def _room(labels: Iterable[str]) -> float:
    """Pixels for the longest label at 12 px: full-width characters take one em, others about half of one."""
    return max((sum(12.5 if ord(one) > _WIDE else 6.6 for one in label) for label in labels), default=0.0) + 14


def _svg(width: float, height: float, parts: Sequence[str]) -> Markup:
    inside = "".join(parts)
    return Markup(f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" class="chart">{inside}</svg>')  # noqa: S704 - texts escaped
