"""What the agent reads from its environment."""

from __future__ import annotations

import pytest

from agent.interview_coach.config import DEFAULT_MODEL, AgentConfig


def test_an_empty_environment_means_gemini_and_a_server_of_ones_own() -> None:
    config = AgentConfig.from_environment({})
    assert (config.model, config.mcp_url, config.mcp_token) == (DEFAULT_MODEL, "", "")


def test_every_variable_is_read_and_trimmed() -> None:
    config = AgentConfig.from_environment(
        {
            "MAANG_AGENT_MODEL": "gemini-3.5-pro",
            "MAANG_MCP_URL": " https://coach.example/mcp\n",
            "MAANG_MCP_TOKEN": "s3cret\n",
        }
    )
    assert config == AgentConfig("gemini-3.5-pro", "https://coach.example/mcp", "s3cret")


def test_blank_counts_as_unset() -> None:
    assert AgentConfig.from_environment({"MAANG_AGENT_MODEL": "  "}).model == DEFAULT_MODEL


@pytest.mark.parametrize("address", ["coach.example/mcp", "ftp://coach.example", "https:///mcp"])
def test_an_address_that_is_no_web_address_is_refused_by_name(address: str) -> None:
    with pytest.raises(ValueError, match="MAANG_MCP_URL must be"):
        AgentConfig(mcp_url=address)


def test_the_token_does_not_show_when_the_configuration_is_printed() -> None:
    assert "s3cret" not in repr(AgentConfig(mcp_token="s3cret"))
