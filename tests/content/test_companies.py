import pytest

from maang_mcp.content.companies import spelt


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("amazon", "Amazon"),
        ("AMAZON.com, Inc.", "Amazon"),
        ("google inc", "Google"),
        ("aws", "AWS"),
        ("youtube", "YouTube"),
        ("microsoft", "Microsoft"),
        ("acme gmbh", "acme gmbh"),
        ("???", "???"),
        ("", ""),
    ],
)
def test_a_known_company_is_written_as_it_writes_itself(told: str, name: str) -> None:
    assert spelt(told) == name
