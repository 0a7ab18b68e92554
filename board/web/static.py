"""Style, scripts and icons, as they lie in `board/static`."""

from pathlib import Path

from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

routes = [Mount("/static", StaticFiles(directory=Path(__file__).resolve().parents[1] / "static"))]
