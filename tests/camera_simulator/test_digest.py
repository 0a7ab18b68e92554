from dataclasses import replace

import pytest
from werkzeug.datastructures import Authorization

from demo.camera.digest import (
    Account,
    Algorithm,
    Credentials,
    MalformedCredentialsError,
    is_from,
    parse_credentials,
    response,
)

MUFASA = Account("Mufasa", "Circle of Life")
# RFC 7616, section 3.9.1, the answer with MD5.
HEADER = (
    'Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm=MD5, '
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, '
    'cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, '
    'response="8ca523f5e9506fed4657c9700eebdbec", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)


def parse(header: str) -> Credentials:
    authorization = Authorization.from_header(header)
    assert authorization
    return parse_credentials(authorization)


def test_the_example_of_the_rfc() -> None:
    assert response(parse(HEADER), MUFASA, "GET") == "8ca523f5e9506fed4657c9700eebdbec"


def test_the_example_of_the_rfc_with_sha_256() -> None:
    credentials = replace(parse(HEADER), algorithm=Algorithm.SHA_256)
    expected = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
    assert response(credentials, MUFASA, "GET") == expected


def test_the_example_of_rfc_2069_as_corrected_by_its_erratum_749() -> None:
    header = (
        'Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", '
        'uri="/dir/index.html", response="1949323746fe6a43ef61f9606e7febea", opaque="5ccc069c403ebaf9f0171e9517f40e41"'
    )
    credentials = parse(header)
    assert credentials.count is None
    assert is_from(credentials, Account("Mufasa", "CircleOfLife"), "GET")


def test_an_algorithm_that_nobody_offers_is_malformed() -> None:
    with pytest.raises(MalformedCredentialsError):
        parse(HEADER.replace("algorithm=MD5", "algorithm=MD4"))


def test_whoever_knows_the_password_is_known() -> None:
    assert is_from(parse(HEADER), MUFASA, "GET")


@pytest.mark.parametrize(
    ("account", "method"),
    [(replace(MUFASA, password="Circle of life"), "GET"), (replace(MUFASA, username="Simba"), "GET"), (MUFASA, "POST")],
)
def test_another_password_name_or_method_is_not(account: Account, method: str) -> None:
    assert not is_from(parse(HEADER), account, method)


@pytest.mark.parametrize("field", ["uri", "nonce", "cnonce", "qop", "realm"])
def test_every_field_is_part_of_the_digest(field: str) -> None:
    assert not is_from(replace(parse(HEADER), **{field: "another"}), MUFASA, "GET")


def test_the_count_is_hexadecimal() -> None:
    assert parse(HEADER.replace("nc=00000001", "nc=0000001f")).count == 31


@pytest.mark.parametrize("nc", ["1", "0000000g", "000000001", "00 0000 "])
def test_a_count_that_is_not_eight_digits_is_malformed(nc: str) -> None:
    with pytest.raises(MalformedCredentialsError):
        parse(HEADER.replace("nc=00000001", f'nc="{nc}"'))


@pytest.mark.parametrize("field", ["username", "nonce", "uri", "cnonce", "qop", "response", "opaque"])
def test_a_missing_field_is_malformed(field: str) -> None:
    with pytest.raises(MalformedCredentialsError):
        parse(HEADER.replace(f"{field}=", f"un{field}=", 1))
