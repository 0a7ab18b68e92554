"""Which language a voice of Polly's speaks. Asking Polly (DescribeVoices) would take one more permission."""

from worker.settings.files import read_toml
from worker.settings.languages import FOLDER


def languages_of(voice: str) -> list[str]:
    """Polly's codes, such as en-US; more than one for a bilingual voice, none for one that is not known here."""
    table = read_toml(FOLDER / "voices" / "polly.toml")
    return [language for language, voices in table.items() if voice in voices]
