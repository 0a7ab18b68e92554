"""Settings from the environment; every mistake in them is told at once, by name."""

from board.settings.board import SETTINGS, BoardSettings, load
from board.settings.mistakes import SettingsError

__all__ = ["SETTINGS", "BoardSettings", "SettingsError", "load"]
