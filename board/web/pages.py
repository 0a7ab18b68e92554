"""Pages from templates. What comes from the cloud is escaped; addresses are relative, for proxies with a prefix."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from board.services import Services

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).resolve().parents[1] / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def services_of(request: Request) -> Services:
    services: Services = request.state.services
    return services


def root_of(request: Request) -> str:
    """The way from this page's address to the board's root, such as `../../`."""
    path: bytes = request.scope["raw_path"]
    return "../" * (path.count(b"/") - 1) or "./"


def fragment(template: str, **values: Any) -> HTMLResponse:
    """A piece of a page, for its script to put in: the same macro has made the rest. Needs `root` among its values."""
    return HTMLResponse(_TEMPLATES.get_template(template).render(**values))


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Every template also finds `root`, `services`' `settings` and `path`, its own address below the root."""
    settings = services_of(request).settings
    html = _TEMPLATES.get_template(template).render(
        root=root_of(request),
        path=request.url.path.lstrip("/"),
        cameras=settings.cameras,
        actions=settings.actions,
        **values,
    )
    return HTMLResponse(html, status)
