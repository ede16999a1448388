// A session for people to read.
import type { ToolCall } from "../../../actors/events.ts";
import type { Entry } from "../../../actors/traces/transcript.ts";
import { neutralise, oneLine } from "../../text/neutralise.ts";
import type { Format, Head } from "./formats.ts";

/** A fenced block that its text cannot end. */
function fenced(text: string, language = ""): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`{3,}/g), ([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}${text.endsWith("\n") ? "" : "\n"}${fence}\n`;
}

function shownCall({ id, tool, arguments: args }: ToolCall): string {
  const text = typeof args === "string" ? args : JSON.stringify(args, null, 2);
  return `\n**${oneLine(tool)}** \`${oneLine(id)}\`\n\n${fenced(text, "json")}`;
}

function head({ id, title, model, cwd, createdAt }: Head): string {
  const facts = [
    `- Session: \`${oneLine(id)}\``,
    ...(model === null || model === "" ? [] : [`- Model: \`${oneLine(model)}\``]),
    ...(cwd === null ? [] : [`- Folder: \`${oneLine(cwd, 400)}\``]),
    ...(createdAt === null ? [] : [`- Begun: ${new Date(createdAt).toISOString()}`]),
  ];
  return `# ${oneLine(title ?? id, 120)}\n\n${facts.join("\n")}\n`;
}

/** Text as it was written; a heading in it must not pass for one of ours. */
function quoted(text: string): string {
  return text
    .trimEnd()
    .replace(/^(?=.)/gm, "> ")
    .replace(/^$/gm, ">");
}

function shown(entry: Entry): string {
  switch (entry.kind) {
    case "user":
      return `\n## User\n\n${quoted(entry.text)}\n`;
    case "notice":
      return `\n<details><summary>Note of the program</summary>\n\n${fenced(entry.text)}\n</details>\n`;
    case "assistant": {
      const text = entry.text.trim() === "" ? "" : `\n${entry.text.trimEnd()}\n`;
      return `\n## Assistant\n${text}${entry.calls.map(shownCall).join("")}`;
    }
    case "tool": {
      const state = entry.ok ? "Result" : "Failed";
      return `\n<details><summary>${state} of ${escaped(oneLine(entry.tool))} ${escaped(oneLine(entry.callId))}</summary>\n\n${fenced(entry.text)}\n</details>\n`;
    }
    case "remark":
      return `\n_${oneLine(entry.text, 400).replaceAll("_", "\\_")}_\n`;
  }
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** Headings for who speaks, calls and results in fenced blocks, results folded. */
export function markdown(): Format {
  return {
    begin: (facts) => neutralise(head(facts)),
    entry: (entry) => neutralise(shown(entry)),
    end: (redacted) => (redacted === null ? "" : `\n---\n\n_Redacted places: ${redacted}._\n`),
  };
}
