"""Photos and clips, handed through: an address that AWS signs would show them to whoever sees it."""

from starlette.routing import BaseRoute

routes: list[BaseRoute] = []
