import pytest

from localcloud.ssml import Pause, read
from localcloud.wire import ServiceError


def test_texts_and_pauses_keep_their_order() -> None:
    said = read('<speak>Dinner<break time="1.5s"/> is <prosody rate="slow">ready</prosody>.</speak>', "neural")
    assert said == ("Dinner", Pause(1.5), " is ready.")


@pytest.mark.parametrize(
    ("attributes", "seconds"),
    [
        ("", 0.2),
        ('strength="none"', 0.0),
        ('strength="strong"', 0.4),
        ('time="250ms"', 0.25),
        ('time="10s" strength="weak"', 10.0),
    ],
)
def test_a_break_is_as_long_as_it_says(attributes: str, seconds: float) -> None:
    assert read(f"<speak><break {attributes}/></speak>", "neural") == (Pause(seconds),)


def test_sentences_and_paragraphs_are_apart() -> None:
    assert read("<speak><s>One</s><p>Two</p></speak>", "neural") == ("One", Pause(0.4), "Two", Pause(0.8))


def test_the_tags_of_amazon_need_no_declaration() -> None:
    ssml = '<speak><amazon:effect name="drc">Hello</amazon:effect></speak>'
    assert read(ssml, "neural") == ("Hello",)


def test_entities_are_read() -> None:
    assert read("<speak>Tom &amp; Jerry</speak>", "neural") == ("Tom & Jerry",)


@pytest.mark.parametrize("tag", ["emphasis", "amazon:breath"])
def test_what_only_standard_voices_can_is_refused_to_others(tag: str) -> None:
    assert read(f"<speak><{tag}>Hello</{tag}></speak>", "standard") == ("Hello",)
    with pytest.raises(ServiceError, match="Unsupported Neural feature"):
        read(f"<speak><{tag}>Hello</{tag}></speak>", "neural")


@pytest.mark.parametrize(
    "ssml",
    [
        "",
        "Hello",
        "<speak>Hello",
        "<speak>Hello</speak>more",
        "<p>Hello</p>",
        "<speak><audio/></speak>",
        "<speak>a < b</speak>",
        "<speak>&unknown;</speak>",
        '<speak><break time="11s"/></speak>',
        '<speak><break time="soon"/></speak>',
        '<speak><break time="1e9s"/></speak>',
        '<speak><break strength="deadly"/></speak>',
    ],
)
def test_what_polly_cannot_read_is_refused(ssml: str) -> None:
    with pytest.raises(ServiceError) as refused:
        read(ssml, "standard")
    assert refused.value.code == "InvalidSsmlException"
