// The TypeScript SDK of the first generation, as most hosts of today have it.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

import { hold, info, kind, target } from "./conversation.mjs";

const transport = {
  stdio: () => new StdioClientTransport({ command: target, args: ["serve"], env: process.env }),
  http: () => new StreamableHTTPClientTransport(new URL(target)),
  sse: () => new SSEClientTransport(new URL(target)),
}[kind]();

const client = new Client(info);
await client.connect(transport);
const seen = await hold(client);
const protocol = transport.protocolVersion ?? "";
await client.close();
console.log(JSON.stringify({ protocol, ...seen }));
