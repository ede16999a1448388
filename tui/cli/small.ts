// The small commands: each yields data for programs and text for people. They are loaded together: a module of its own
// for each would cut what they share with a conversation into pieces, each of which takes a start some time.
import { stateFolder } from "../config/paths.ts";
import { mcpCommand } from "../mcp/command.ts";
import { safeJson } from "../text/neutralise.ts";
import { styleFor } from "../text/style.ts";
import type { Command, SmallCommand } from "./arguments.ts";
import { configAnswer } from "./config.ts";
import { doctorAnswer } from "./doctor.ts";
import { workFolder } from "./folder.ts";
import { modelsAnswer } from "./models.ts";
import { sandboxesAnswer } from "./sandboxes.ts";
import { sessionsCommand } from "./sessions.ts";

/** What a small command has found out. */
export interface Answer {
  data: unknown;
  text: string;
  exitCode: number;
}

/** Runs a small command, prints its answer and returns the exit code. */
export async function smallCommand(
  command: Extract<Command, { kind: SmallCommand }>,
  print: (text: string) => Promise<number>,
): Promise<number> {
  const env = process.env;
  const style = styleFor(process.stdout, env);
  const cwd = workFolder(command.cwd);
  const answer = await answerTo();
  const lost = await print(command.json ? `${safeJson(answer.data, 2)}\n` : answer.text);
  return lost === 0 ? answer.exitCode : lost;

  async function answerTo(): Promise<Answer> {
    switch (command.kind) {
      case "sessions": {
        const { words, json, all, format, output, at, yes, redact, speed, plain } = command;
        const place = { cwd, env, file: command.config, stdout: process.stdout, stderr: process.stderr };
        return sessionsCommand(stateFolder(env), words, {
          style,
          json,
          all,
          format,
          output,
          at,
          yes,
          redact,
          speed,
          plain,
          ...place,
        });
      }
      case "mcp": {
        const tell = (text: string) => void process.stderr.write(`${text}\n`);
        return mcpCommand(command.words, { cwd, env, file: command.config, tell });
      }
      case "config": {
        return configAnswer({ cwd, env, file: command.config, style });
      }
      case "models": {
        return modelsAnswer({ cwd, env, file: command.config, style });
      }
      case "sandboxes": {
        return sandboxesAnswer({ cwd, env, file: command.config, style }, command.sweep);
      }
      case "doctor": {
        return doctorAnswer({ cwd, env, file: command.config, style });
      }
    }
  }
}

/** Where a small command looks. */
export interface Look {
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  file: string | null;
  style: ReturnType<typeof styleFor>;
}
