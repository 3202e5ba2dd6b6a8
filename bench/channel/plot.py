"""The cost of thousands of idle clients as an SVG: memory per client and the server's share of a core, by the number of clients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 360, 240, 50, 40, 30
_COLOURS = {"long-polling": "#1f6feb", "websocket": "#b35900"}
_PANELS = (("kib_per_client", "KiB for a client"), ("idle_cpu_percent", "% of a core while all are idle"))


def draw(rows: Mapping[str, Sequence[Mapping[str, float]]]) -> str:
    """Two panels with a line for every transport."""
    width = 2 * (_WIDTH + _LEFT) + 20
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_HEIGHT + _BOTTOM + _TOP}" font-family="sans-serif" '
        'font-size="12" role="img">',
        "<title>refswitch with idle clients</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
    ]
    for index, (key, title) in enumerate(_PANELS):
        parts += _panel(rows, key, title, _LEFT + index * (_WIDTH + _LEFT))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(rows: Mapping[str, Sequence[Mapping[str, float]]], key: str, title: str, left: int) -> list[str]:
    most = max(row["agents"] for of_transport in rows.values() for row in of_transport)
    top = max(1.0, max(row[key] for of_transport in rows.values() for row in of_transport)) * 1.15
    right, bottom = left + _WIDTH - 40, _TOP + _HEIGHT

    def place(row: Mapping[str, float]) -> str:
        x = left + (right - left) * row["agents"] / most
        return f"{x:.1f},{bottom - _HEIGHT * row[key] / top:.1f}"

    parts = [
        f'<text x="{left}" y="{_TOP - 12}" fill="#1f2328">{title}</text>',
        f'<path d="M{left} {_TOP}V{bottom}H{right}" fill="none" stroke="#59636e"/>',
    ]
    for share in (0.0, 0.5, 1.0):
        x, y = left + (right - left) * share, bottom - _HEIGHT * share / 1.15
        parts.append(
            f'<text x="{x:.0f}" y="{bottom + 18}" text-anchor="middle" fill="#59636e">{most * share:,.0f}</text>'
        )
        parts.append(
            f'<text x="{left - 6}" y="{y + 4:.0f}" text-anchor="end" fill="#59636e">{top / 1.15 * share:.1f}</text>'
        )
    for number, (transport, of_transport) in enumerate(rows.items()):
        colour = _COLOURS[transport]
        points = " ".join(place(row) for row in of_transport)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{point.split(",")[0]}" cy="{point.split(",")[1]}" r="3" fill="{colour}"/>'
            for point in points.split()
        ]
        parts.append(
            f'<text x="{right - 80}" y="{_TOP + 4 + 16 * number}" fill="{colour}">{transport}</text>'
        )
    parts.append(
        f'<text x="{(left + right) / 2:.0f}" y="{bottom + 34}" text-anchor="middle" fill="#59636e">idle clients</text>'
    )
    return parts
