// Reads the configuration from the machine: files and environment become layers, weakest first.
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { FrontError } from "../errors.ts";
import { keptKeys } from "./credentials/store.ts";
import { parseDotenv } from "./dotenv.ts";
import { parseJson } from "./json.ts";
import { isLive, unknownKeys } from "./keys.ts";
import { isObject, type JsonObject, type Layer } from "./layers.ts";
import { fillServers } from "./mcp.ts";
import { shippedFile, userConfigFile } from "./paths.ts";
import { substitute } from "./substitute.ts";
import { clean, type Environment, fromEnvironment, variables } from "./variables.ts";

/** What was read. */
export interface Loaded {
  layers: Layer[];
  /** Things the user should hear of, one line each. */
  notices: string[];
  /** The environment with the credentials of the folder's `.env` file added. */
  env: Environment;
}

/** The shipped defaults. */
export function shippedConfig(): Layer {
  const values = JSON.parse(readFileSync(shippedFile("cli_agent_config.json"), "utf8")) as JsonObject;
  const prices = JSON.parse(readFileSync(shippedFile("prices.json"), "utf8")) as JsonObject;
  const models = Object.fromEntries(Object.entries(prices).filter(([, price]) => isObject(price)));
  return { source: "shipped", values: { ...values, prices: models } };
}

/**
 * Reads every source below the command line, weakest first: shipped defaults, the Hub's login and the keys that the
 * user has given to the program, the folder's `.env` (credentials only), the user's file, the environment. Throws
 * a `FrontError` for a file that cannot be used.
 */
export async function loadConfig(cwd: string, env: Environment, configFlag: string | null): Promise<Loaded> {
  const shipped = shippedConfig();
  const kept = keptKeys(env);
  const project = projectCredentials(cwd, env);
  const user = await userLayer(configFlag, project.env, shipped.values);
  return {
    layers: [
      shipped,
      ...kept.layers,
      ...project.layers,
      ...user.layers,
      { source: "environment", values: fromEnvironment(env) },
    ],
    notices: [...kept.notices, ...project.notices, ...user.notices],
    env: project.env,
  };
}

/** Far more than any such file needs; what is no plain file (a pipe would block for ever) is not read at all. */
const maxFileBytes = 1_000_000;

function readIfThere(path: string): string | null {
  try {
    const stat = statSync(path);
    if (!stat.isFile() || stat.size > maxFileBytes) return null;
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

/**
 * The credentials in a folder's `.env`. A folder may be someone else's, so its file can lend a key but never say where
 * requests go or change any other setting.
 */
function projectCredentials(cwd: string, env: Environment): { layers: Layer[]; notices: string[]; env: Environment } {
  const path = join(cwd, ".env");
  const text = readIfThere(path);
  if (text === null) return { layers: [], notices: [], env };
  const found = parseDotenv(text);
  const taken: Record<string, string> = {};
  const ignored: string[] = [];
  const named = variables.flatMap((variable) =>
    [variable.name, ...(variable.aliases ?? [])].map((name) => ({ variable, name })),
  );
  for (const { variable, name } of named) {
    const value = clean(found[name]);
    if (value === null) continue;
    if (variable.kind !== "credential") ignored.push(name);
    else if (clean(env[name]) === null && !Object.hasOwn(taken, variable.name)) taken[variable.name] = value;
  }
  const notices: string[] = [];
  const names = Object.keys(taken);
  if (names.length > 0) notices.push(`Using ${names.join(", ")} from ${path}.`);
  if (ignored.length > 0) {
    notices.push(
      `Ignored ${ignored.join(", ")} in ${path}: a project's file may not change where requests go. ` +
        "Export it in your shell, or put it into your own config file.",
    );
  }
  const layers = names.length > 0 ? [{ source: path, values: fromEnvironment(taken) }] : [];
  return { layers, notices, env: { ...taken, ...env } };
}

async function userLayer(
  flag: string | null,
  env: Environment,
  shipped: JsonObject,
): Promise<{ layers: Layer[]; notices: string[] }> {
  const { path, named } = userConfigFile(flag, env);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    if (code === "ENOENT" && !named) return { layers: [], notices: [] };
    const hint = code === "ENOENT" ? "Create it, or name another with --config FILE." : "Make it readable for you.";
    throw new FrontError("CONFIG_UNREADABLE", `The config file ${path} cannot be read (${code}).`, hint);
  }
  const values = parseJson(text, path);
  if (!isObject(values)) {
    throw new FrontError("CONFIG_INVALID", `${path}: the file must hold one JSON object.`, "Wrap its content in { }.");
  }
  const live = Object.fromEntries(Object.entries(values).filter(([key]) => isLive(key, shipped)));
  const { mcpServers, ...plain } = live;
  const filled = {
    ...(substitute(plain, env, path) as JsonObject),
    ...(mcpServers === undefined ? {} : { mcpServers: fillServers(mcpServers, env, path) }),
  };
  const { checkConfig } = await import("./schema.ts");
  return {
    layers: [{ source: path, values: checkConfig(filled, path) }],
    notices: unknownKeys(values, shipped, path),
  };
}
