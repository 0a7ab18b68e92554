"""To be built."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from board.web.pages import page


async def gallery(request: Request) -> Response:
    return page(request, "error.html", title="gallery", words="to be built")


routes = [Route("/", gallery)]
