"""What people see who do not tell all colours apart, from screenshots, and how far apart colours are."""

from collections import Counter
from io import BytesIO

from coloraide import Color
from PIL import Image
from playwright.sync_api import Locator, Page

DEFICIENCIES = ("none", "deuteranopia", "protanopia", "tritanopia", "achromatopsia")
"""As the Chrome DevTools Protocol names them in Emulation.setEmulatedVisionDeficiency."""
AT_A_GLANCE = 10.0
"""A CIEDE2000 distance: 1 is just to be told apart side by side, 100 is black from white."""

Colour = tuple[int, int, int]


def see_with(page: Page, deficiency: str) -> None:
    """What is drawn from now on is drawn as somebody sees it who has this deficiency."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setEmulatedVisionDeficiency", {"type": deficiency})


def ground(element: Locator) -> Colour:
    """The colour that most of it has on the screen, 0 to 255 each."""
    picture = Image.open(BytesIO(element.screenshot())).convert("RGB")
    red, green, blue = Counter(zip(*[iter(picture.tobytes())] * 3, strict=True)).most_common(1)[0][0]
    return red, green, blue


def distance(one: Colour, other: Colour) -> float:
    """By CIEDE2000."""
    first, second = (Color("srgb", [value / 255 for value in colour]) for colour in (one, other))
    return first.delta_e(second, method="2000")
