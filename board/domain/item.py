"""An item of the table as it was read: text, numbers, lists and maps, whoever wrote them."""

from collections.abc import Mapping
from typing import Any

Item = Mapping[str, Any]
