// `ml-intern doctor`: whether this machine has what the agent needs, and what to do where it has not.
import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import { arch, platform, release } from "node:os";
import { dirname } from "node:path";
import { effective, sourceOf } from "../config/layers.ts";
import { loadConfig } from "../config/load.ts";
import { chooseModel } from "../config/models.ts";
import { llmArgs } from "../config/options.ts";
import { stateFolder, userConfigFile } from "../config/paths.ts";
import { isSecret, keyOf, variables } from "../config/variables.ts";
import { searchEngines } from "../config/web-search.ts";
import { FrontError } from "../errors.ts";
import { neutralise, oneLine } from "../text/neutralise.ts";
import { lookAtLocalServers } from "./local-servers.ts";
import type { Answer, Look } from "./small.ts";
import { version } from "./version.ts";

/** One finding. `fail`: the agent cannot work; `warn`: it works, but not as well as it could. */
export interface Check {
  name: string;
  status: "ok" | "warn" | "fail";
  detail: string;
  /** What to do; null when there is nothing to do. */
  hint: string | null;
}

const ok = (name: string, detail: string): Check => ({ name, status: "ok", detail, hint: null });
const warn = (name: string, detail: string, hint: string): Check => ({ name, status: "warn", detail, hint });
const fail = (name: string, detail: string, hint: string): Check => ({ name, status: "fail", detail, hint });

/** Below this many bytes free, journals and command output may soon fail. */
const lowDisk = 1024 ** 3;

/** Looks at everything at once and reports. Exit code 1 when something keeps the agent from working. */
export async function doctorAnswer(look: Look): Promise<Answer> {
  const groups = await Promise.all([
    [program(), node()],
    tool("bash", ["--version"], (name) => fail(name, "not found", "Install bash: commands of the agent run in it.")),
    tool("git", ["--version"], (name) => warn(name, "not found", "Install git: most work on code needs it.")),
    tool("python3", ["--version"], (name) =>
      warn(name, "not found", "Install Python: most machine learning needs it."),
    ),
    tool("rg", ["--version"], (name) => warn(name, "not found", "Install ripgrep: searching files is faster with it.")),
    isolation(),
    [state(look)],
    settings(look),
  ]);
  const checks = groups.flat();
  const failed = checks.some((check) => check.status === "fail");
  const { style } = look;
  const marks = { ok: style.green("✓"), warn: style.yellow("!"), fail: style.red("✗") };
  const lines = checks.flatMap(({ name, status, detail, hint }) => [
    `${marks[status]} ${name.padEnd(14)} ${neutralise(detail)}`,
    ...(hint === null ? [] : [`  ${" ".repeat(14)} ${style.dim(neutralise(hint))}`]),
  ]);
  return { data: { ok: !failed, checks }, text: `${lines.join("\n")}\n`, exitCode: failed ? 1 : 0 };
}

function program(): Check {
  return ok("ml-intern", `${version()} on ${platform()} ${arch()} ${release()}`);
}

function node(): Check {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return ok("node", process.versions.node);
  return fail("node", process.versions.node, "Install Node.js 20.19 or newer.");
}

/** Runs a program with a flag that only makes it talk about itself. Null when it is not there or fails. */
function ask(file: string, args: string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(file, args, { timeout: 3_000, maxBuffer: 64 * 1024 }, (error, stdout) => {
      resolve(error === null ? (stdout.split("\n", 1)[0] ?? "") : null);
    });
  });
}

async function tool(name: string, args: string[], missing: (name: string) => Check): Promise<Check[]> {
  const said = await ask(name, args);
  return [said === null ? missing(name) : ok(name, oneLine(said, 100))];
}

async function isolation(): Promise<Check[]> {
  const name = "isolation";
  if (platform() !== "linux") {
    return [warn(name, "commands run without isolation on this system", "Work in a container or a virtual machine.")];
  }
  const said = await ask("bwrap", ["--version"]);
  if (said === null) {
    return [
      warn(name, "bubblewrap not found", "Install bubblewrap: it keeps commands from writing outside the workspace."),
    ];
  }
  const works = await ask("bwrap", ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "true"]);
  if (works !== null) return [ok(name, `${oneLine(said, 60)}, working`)];
  return [
    warn(
      name,
      `${oneLine(said, 60)}, but not permitted here`,
      "Allow unprivileged user namespaces, or work in a container.",
    ),
  ];
}

function state({ env }: Look): Check {
  const name = "state folder";
  const folder = stateFolder(env);
  let there = folder;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  try {
    accessSync(there, constants.W_OK | constants.X_OK);
  } catch {
    return fail(name, `${folder} cannot be written`, "Change its rights, or name another with ML_INTERN_HOME.");
  }
  const { bavail, bsize } = statfsSync(there);
  const free = bavail * bsize;
  const detail = `${folder}, ${(free / 1024 ** 3).toFixed(1)} GiB free`;
  return free < lowDisk
    ? warn(name, detail, "Make room: sessions and outputs of commands are kept there.")
    : ok(name, detail);
}

async function settings(look: Look): Promise<Check[]> {
  const file = userConfigFile(look.file, look.env).path;
  try {
    const { layers, notices } = await loadConfig(look.cwd, look.env, look.file);
    const config = effective(layers);
    const llm = llmArgs(config);
    const local = await lookAtLocalServers(llm.local);
    const keys = variables.filter((variable) => isSecret(keyOf(variable)) && config[keyOf(variable)]);
    const names = keys.map(({ name }) => `${name} (${sourceOf(layers, [name.toLowerCase()])})`).join(", ");
    const up = local.filter((server) => server.models !== null);
    const engines = searchEngines(config).map(({ name }) => name);
    const found = up.map(({ prefix, models }) => `${prefix} (${models?.length ?? 0} models)`).join(", ");
    return [
      ok("config", existsSync(file) ? file : `${file} (none; the defaults hold)`),
      ...notices.map((notice) => warn("config", notice, "See: ml-intern config")),
      names === ""
        ? warn("keys", "none set", "Set ANTHROPIC_API_KEY, OPENAI_API_KEY or HF_TOKEN, or give one with /login.")
        : ok("keys", names),
      ok("local servers", found === "" ? "none running" : found),
      ok("web search", `asks ${engines.join(", then ")}`),
      model(config, file),
    ];
  } catch (error) {
    if (!(error instanceof FrontError)) throw error;
    return [fail("config", error.message, error.hint ?? `Correct ${file}`)];
  }
}

function model(config: Parameters<typeof chooseModel>[0], file: string): Check {
  try {
    const { model: id, notice } = chooseModel(config, file);
    return notice === null ? ok("model", id) : warn("model", id, notice);
  } catch (error) {
    if (!(error instanceof FrontError)) throw error;
    return fail("model", error.message, error.hint ?? "See: ml-intern models");
  }
}
