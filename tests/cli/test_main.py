from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from maang_mcp.cli import main
from maang_mcp.cli.installed import command_path

HEAVY = ("pydantic", "fastmcp", "mcp", "sqlalchemy", "rich", "numpy", "onnxruntime", "anyio")


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    program = (
        "import sys, maang_mcp.cli\n"
        "try: maang_mcp.cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        f"sys.stderr.write(' '.join(sorted(set(sys.modules) & set({HEAVY!r}))))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "serve" in done.stdout


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert all(f"    {name} " in told for name in ("serve", "demo", "doctor", "migrate"))


def test_the_version_is_the_installed_one(capsys: pytest.CaptureFixture[str]) -> None:
    from importlib.metadata import version

    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"maang-mcp {version('maang-mcp')}\n"


@pytest.mark.parametrize("arguments", [[], ["fly"], ["serve", "--transport", "carrier-pigeon"]])
def test_a_wrong_command_line_is_told_on_stderr(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    assert not out
    assert "usage: maang-mcp" in err


def test_wrong_settings_end_with_status_two_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MAANG_PORT", "harbour")
    assert main(["serve"]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith("maang-mcp: MAANG_PORT: ")
    assert "harbour" not in err
    assert "Traceback" not in err


@pytest.mark.parametrize("transport", ["http", "sse"])
@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "coach.example", ""])
def test_an_open_address_without_tokens_is_refused_before_anything_listens(
    transport: str, host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--transport", transport, "--host", host]) == 2
    assert "without bearer authentication is refused" in capsys.readouterr().err


def test_the_command_is_the_one_of_this_installation(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert command_path() == Path(sys.executable).with_name("maang-mcp")

    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(sys, "argv", ["here/maang-mcp"])
    monkeypatch.setenv("PATH", str(tmp_path))
    assert command_path() == Path.cwd() / "here" / "maang-mcp"
