"""What tells code from prose."""

import re

_CODE = re.compile(
    r"""
      ```
    | \b(?:def|elif|lambda|len|null|void|int)\b
    | \w\s*(?:==|!=|<=|>=|\+=|-=|=)\s*\w
    | \w\[\w
    | \b(?!O\()\w+\(\w*\)
    | \b\w+\.\w+\(
    | ;\s*$
    """,
    re.VERBOSE,
)


def code_in(text: str) -> list[str]:
    """The pieces of a text that look like program code."""
    return _CODE.findall(text)
