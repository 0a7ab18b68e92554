"""To be built."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from board.web.pages import page


async def billboard(request: Request) -> Response:
    return page(request, "error.html", title="billboard", words="to be built")


routes = [Route("/billboard/{camera}", billboard)]
