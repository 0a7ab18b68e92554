from argparse import ArgumentTypeError

import pytest

from demo.language import phrases_in


@pytest.mark.parametrize(
    ("tag", "language"), [("en", "en"), ("de-AT", "de"), ("fr", "fr"), ("es_MX", "es"), ("it", "it")]
)
def test_what_the_local_voices_speak_can_be_shown(tag: str, language: str) -> None:
    assert language == phrases_in(tag).language


@pytest.mark.parametrize("tag", ["ja", "pl", "nl", "pt-BR"])
def test_a_language_without_a_voice_here_is_refused_with_those_that_have_one(tag: str) -> None:
    with pytest.raises(ArgumentTypeError, match=f"speaks {tag}; there are voices for de, en, es, fr, it"):
        phrases_in(tag)


def test_a_language_that_the_worker_does_not_know_is_refused_with_those_it_knows() -> None:
    with pytest.raises(ArgumentTypeError, match="must be one of de, en, es"):
        phrases_in("tlh")
