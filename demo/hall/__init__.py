"""A hall full of people, made of the demo's own photographs (`demo/photos/SOURCES.md`) when it is looked at."""

from demo.hall.people import PHOTOS
from demo.hall.picture import SECTIONS, hall
from demo.hall.view import HallView, named_in

__all__ = ["PHOTOS", "SECTIONS", "HallView", "hall", "named_in"]
