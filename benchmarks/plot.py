"""The ratios of press to first sound as bars, in SVG."""

from html import escape

from benchmarks.figures import Chapter, Figure

WIDTH, ROW, LABEL, MARGIN = 860, 34, 400, 60
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#333}.bar{fill:#4878a8}.spread{stroke:#222;stroke-width:2}"
    ".one{stroke:#c33;stroke-dasharray:4 3}rect.page{fill:#fff}"
)


def bars(chapter: Chapter) -> str:
    """One bar a figure, its spread as a line; the dashed line is 1, the floor."""
    largest = max(figure.spread[1] for figure in chapter.figures)
    scale = (WIDTH - LABEL - MARGIN) / largest
    height = ROW * (len(chapter.figures) + 1) + 10
    rows = "".join(_bar(figure, ROW * (row + 1), scale) for row, figure in enumerate(chapter.figures))
    one = f'<line class="one" x1="{LABEL + scale:.1f}" x2="{LABEL + scale:.1f}" y1="{ROW - 6}" y2="{height - 6}"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">'
        f'<style>{_STYLE}</style><rect class="page" width="{WIDTH}" height="{height}"/>'
        f'<text x="10" y="20">{escape(chapter.title)}</text>{rows}{one}</svg>\n'
    )


def _bar(figure: Figure, top: int, scale: float) -> str:
    low, high = (LABEL + value * scale for value in figure.spread)
    middle = top + ROW / 2 - 3
    return (
        f'<text x="{LABEL - 8}" y="{middle + 4:.1f}" text-anchor="end">{escape(figure.name)}</text>'
        f'<rect class="bar" x="{LABEL}" y="{top}" width="{figure.median * scale:.1f}" height="{ROW - 8}"/>'
        f'<line class="spread" x1="{low:.1f}" x2="{high:.1f}" y1="{middle:.1f}" y2="{middle:.1f}"/>'
        f'<text x="{high + 6:.1f}" y="{middle + 4:.1f}">{figure.shown}</text>'
    )
