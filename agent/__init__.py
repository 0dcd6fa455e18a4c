"""ADK's agents directory: each package inside is one agent, and none imports the server."""
