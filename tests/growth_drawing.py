"""How seconds grow with what is asked: a small SVG plot for each kind of growth."""

from collections.abc import Mapping
from html import escape

_PANEL, _HEIGHT, _LEFT, _TOP, _WIDTH, _DEPTH = 260, 190, 40, 30, 200, 120  # SVG units
_STYLE = (
    "text{font:11px sans-serif;fill:#333}.line{fill:none;stroke:#1b6ca8;stroke-width:2}"
    ".linear{fill:none;stroke:#999;stroke-dasharray:4 3}.axis{stroke:#999;fill:none}"
    "circle{fill:#1b6ca8}"
)


def growth_drawing(growths: Mapping[str, Mapping[int, float]]) -> str:
    """Panels side by side; dashed is what grew as fast as what is asked, from the first point."""
    panels = "".join(
        f'<g transform="translate({place * _PANEL} 0)">{_panel(title, seconds)}</g>'
        for place, (title, seconds) in enumerate(growths.items())
    )
    told = escape("; ".join(growths))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(growths) * _PANEL} {_HEIGHT}" '
        f'role="img" aria-label="{told}"><style>{_STYLE}</style>'
        f'<rect width="100%" height="100%" fill="#fff"/>{panels}</svg>\n'
    )


def _panel(title: str, seconds: Mapping[int, float]) -> str:
    sizes = list(seconds)
    most = max(seconds.values()) * 1.1

    def at(size: float, value: float) -> str:
        return f"{_LEFT + size / sizes[-1] * _WIDTH:.1f} {_TOP + (1 - value / most) * _DEPTH:.1f}"

    points = [at(size, value) for size, value in seconds.items()]
    first = sizes[0]
    reach = min(sizes[-1], most / seconds[first] * first)
    dots = "".join(
        f'<circle cx="{x}" cy="{y}" r="3"/>' for x, y in (point.split() for point in points)
    )
    marks = "".join(
        f'<text x="{_LEFT + size / sizes[-1] * _WIDTH:.1f}" y="{_TOP + _DEPTH + 16}" '
        f'text-anchor="middle">{size}</text>'
        for size in sizes
        if size == first or size > sizes[-1] / 8
    )
    return (
        f'<text x="8" y="16">{escape(title)}</text>'
        f'<text x="{_LEFT - 4}" y="{_TOP + 8}" text-anchor="end">{most:.3g}</text>'
        f'<path class="axis" d="M{_LEFT} {_TOP}v{_DEPTH}h{_WIDTH}"/>'
        f'<path class="linear" d="M{at(first, seconds[first])}'
        f'L{at(reach, reach / first * seconds[first])}"/>'
        f'<path class="line" d="M{"L".join(points)}"/>{dots}{marks}'
    )
