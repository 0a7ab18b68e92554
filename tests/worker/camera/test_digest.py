import pytest

from worker.camera.digest import (
    Challenge,
    Credentials,
    NotDigest,
    authorization,
    read_challenge,
    strongest_challenge,
)

RFC_7616_NONCE = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
RFC_7616_OPAQUE = "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"
RFC_7616_CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
MUFASA = Credentials("Mufasa", "Circle of Life")


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_answer_is_that_of_the_rfc(algorithm: str, response: str) -> None:
    challenge = read_challenge(
        f'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={algorithm}, '
        f'nonce="{RFC_7616_NONCE}", opaque="{RFC_7616_OPAQUE}"'
    )
    header, uses = authorization(challenge, MUFASA, "GET", "/dir/index.html", RFC_7616_CNONCE)
    assert f'response="{response}"' in header
    assert f'opaque="{RFC_7616_OPAQUE}"' in header
    assert (uses, "nc=00000001" in header, "qop=auth," in header) == (1, True, True)


def test_the_count_rises_with_every_use() -> None:
    challenge = read_challenge('Digest realm="r", nonce="n", qop="auth"')
    uses = [authorization(challenge, MUFASA, "GET", "/")[1] for _ in range(3)]
    assert uses == [1, 2, 3]


def test_the_client_s_own_nonce_is_never_the_same() -> None:
    challenge = Challenge("r", "n", None, None, stale=False)
    assert len({authorization(challenge, MUFASA, "GET", "/")[0] for _ in range(3)}) == 3


@pytest.mark.parametrize(
    "header",
    [
        'Digest qop="auth", realm="Login to AMC", nonce="42", opaque="", stale="TRUE"',
        'digest realm="Login to AMC",nonce="42",qop=auth,stale=true,opaque=""',
        'Basic realm="Login to AMC", Digest realm="Login to AMC", nonce="42", qop="auth", stale=true, opaque=""',
    ],
)
def test_a_challenge_is_read_however_it_is_written(header: str) -> None:
    assert read_challenge(header) == Challenge("Login to AMC", "42", None, "", stale=True)


@pytest.mark.parametrize(
    ("header", "complaint"),
    [
        ("", "no way to log in"),
        ('Basic realm="AMC"', "Basic only"),
        ('Digest realm="r", nonce="n"', "unusual"),
        ('Digest realm="r", nonce="n", qop="auth-int"', "unusual"),
        ('Digest realm="r", nonce="n", qop="auth", algorithm=MD5-sess', "unusual"),
        ('Digest realm="r", qop="auth"', "unusual"),
    ],
)
def test_what_cannot_be_answered_safely_is_not_answered(header: str, complaint: str) -> None:
    with pytest.raises(NotDigest, match=complaint):
        read_challenge(header)


def test_quotes_in_a_user_name_are_escaped() -> None:
    challenge = Challenge("r", "n", None, None, stale=False)
    header, _ = authorization(challenge, Credentials('a"b\\c', "x"), "GET", "/")
    assert r'username="a\"b\\c"' in header


def test_the_password_is_not_printed() -> None:
    assert "Circle" not in repr(MUFASA)


def test_the_answer_without_qop_is_that_of_rfc_2069() -> None:
    # Its own example, as the errata have it.
    nonce, opaque = "dcd98b7102dd2f0e8b11d0f600bfb0c093", "5ccc069c403ebaf9f0171e9517f40e41"
    challenge = strongest_challenge([f'Digest realm="testrealm@host.com", nonce="{nonce}", opaque="{opaque}"'])
    header, _ = authorization(challenge, Credentials("Mufasa", "CircleOfLife"), "GET", "/dir/index.html")
    assert 'response="1949323746fe6a43ef61f9606e7febea"' in header
    assert not any(name in header for name in ("qop", "nc=", "cnonce"))


@pytest.mark.parametrize(
    "headers",
    [
        ['Digest realm="r", nonce="weak"', 'Digest realm="r", nonce="strong", algorithm=SHA-256'],
        [
            'Digest realm="r", nonce="strong", algorithm="sha-256", qop="auth"',
            'Digest realm="r", nonce="weak", qop="auth"',
        ],
        ['Basic realm="r", Digest realm="r", nonce="strong", Digest realm="r", nonce="weak", algorithm=SHA-512-256'],
        ['Negotiate, Digest realm="a digest camera, Basic", nonce="strong"', 'Digest realm="r", nonce="weak", qop="x"'],
        ['Digest realm="r", nonce="weak"', 'Digest realm="r", nonce="strong", qop="auth"'],
    ],
)
def test_the_strongest_of_several_challenges_is_answered(headers: list[str]) -> None:
    assert strongest_challenge(headers).nonce == "strong"


@pytest.mark.parametrize(
    ("headers", "complaint"),
    [
        ([], "no way to log in"),
        (['Basic realm="r"'], "Basic only"),
        (['Basic realm="r"', "Negotiate"], "Basic, Negotiate only"),
        (['Digest realm="r", nonce="n", algorithm=MD5-sess'], "unusual"),
        (['Digest realm="r"'], "unusual"),
    ],
)
def test_of_several_none_that_is_safe_is_none(headers: list[str], complaint: str) -> None:
    with pytest.raises(NotDigest, match=complaint):
        strongest_challenge(headers)
