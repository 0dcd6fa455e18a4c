// The TypeScript SDK of the second generation, which negotiates the protocol of 2026.
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

import { hold, info, kind, target } from "./conversation.mjs";

const transport = {
  stdio: () => new StdioClientTransport({ command: target, args: ["serve"], env: process.env }),
  http: () => new StreamableHTTPClientTransport(new URL(target)),
}[kind]();

const client = new Client(info, { versionNegotiation: { mode: "auto" } });
await client.connect(transport);
const seen = await hold(client);
const protocol = client.getNegotiatedProtocolVersion?.() ?? "";
await client.close();
console.log(JSON.stringify({ protocol, ...seen }));
