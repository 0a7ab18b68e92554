"""Pages from templates. What comes from the cloud is escaped; addresses are relative, for proxies with a prefix."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from board.domain.viewers import Person
from board.services import Services
from board.settings.board import Auth

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
    """Every template also finds `root`, `path`, its own address below the root, and `person`, where one looks."""
    settings, viewer = services_of(request).settings, request.scope.get("viewer")
    person = viewer if isinstance(viewer, Person) else None
    html = _TEMPLATES.get_template(template).render(
        root=root_of(request),
        path=request.url.path.lstrip("/"),
        cameras=settings.cameras,
        actions=settings.actions,
        billboards=settings.billboard_file is not None,
        person=person,
        can_log_out=person is not None and settings.auth is Auth.PASSWORD,
        **values,
    )
    return HTMLResponse(html, status)
