// Holds the conversation that is given as JSON, and checks what any client must be able to do.
import { readFileSync } from "node:fs";

export const [kind, target, conversation] = process.argv.slice(2);

export const info = { name: "maang-foreign-client", version: "1.0.0" };

export async function hold(client) {
  const { day, wrong } = JSON.parse(readFileSync(conversation, "utf8"));
  const listed = (await client.listTools()).tools.map((tool) => tool.name);
  let interview;
  for (const [name, given] of day) {
    const filled = Object.entries(given).map(([k, v]) => [k, v === "$interview" ? interview : v]);
    const answer = await client.callTool({ name, arguments: Object.fromEntries(filled) });
    must(!answer.isError, `${name}: ${JSON.stringify(answer.content)}`);
    must(answer.content[0].text === answer.structuredContent.status, `${name}: no status first`);
    must(answer.content.at(-1).annotations.audience[0] === "assistant", `${name}: no data last`);
    interview ??= answer.structuredContent.interview_id;
  }
  const called = day.map(([name]) => name);
  must(same(called, listed), `called ${called}, listed ${listed}`);

  for (const [name, given] of wrong) {
    const answer = await client.callTool({ name, arguments: given });
    must(answer.isError && !("structuredContent" in answer), `${name}: no plain error`);
  }

  const { resources } = await client.listResources();
  for (const { uri } of resources) {
    const [content] = (await client.readResource({ uri })).contents;
    JSON.parse(content.text);
  }
  const { resourceTemplates } = await client.listResourceTemplates();
  const { prompts } = await client.listPrompts();
  for (const { name } of prompts) await client.getPrompt({ name, arguments: {} });
  const { completion } = await client.complete({
    ref: { type: "ref/resource", uri: "maang://problems/{slug}" },
    argument: { name: "slug", value: "two-s" },
  });
  must(completion.values[0] === "two-sum", `completed to ${completion.values}`);

  return {
    tools: listed.length,
    errors: wrong.length,
    resources: resources.length + resourceTemplates.length,
    prompts: prompts.length,
  };
}

function same(some, others) {
  return JSON.stringify([...some].sort()) === JSON.stringify([...others].sort());
}

function must(holds, otherwise) {
  if (!holds) throw new Error(otherwise);
}
