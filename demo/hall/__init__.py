"""A hall full of people, made of the demo's own photographs (`demo/photos/SOURCES.md`) when it is looked at."""

from demo.hall.picture import SECTIONS, hall

__all__ = ["SECTIONS", "hall"]
