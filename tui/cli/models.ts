// `ml-intern models`: how to name models, and which can be used as things are.
import { effective } from "../config/layers.ts";
import { loadConfig } from "../config/load.ts";
import { chooseModel, usableModels } from "../config/models.ts";
import { llmArgs, roleModels } from "../config/options.ts";
import { userConfigFile } from "../config/paths.ts";
import { FrontError } from "../errors.ts";
import { oneLine } from "../text/neutralise.ts";
import { lookAtLocalServers } from "./local-servers.ts";
import type { Answer, Look } from "./small.ts";

const services = [
  { form: "anthropic/<model>", needs: "ANTHROPIC_API_KEY", example: "anthropic/claude-opus-5-5" },
  { form: "openai/<model>", needs: "OPENAI_API_KEY", example: "openai/gpt-5.4" },
  { form: "<org>/<model>[:provider]", needs: "HF_TOKEN", example: "moonshotai/Kimi-K2.6" },
  { form: "offline/tabular", needs: null, example: "offline/tabular" },
] as const;

/** Shows the ways to a model. */
export async function modelsAnswer({ cwd, env, file, style }: Look): Promise<Answer> {
  const { layers } = await loadConfig(cwd, env, file);
  const config = effective(layers);
  const local = await lookAtLocalServers(llmArgs(config).local);
  const routes = services.map((service) => ({
    ...service,
    usable: service.needs === null || Boolean(config[service.needs.toLowerCase()]),
  }));
  const choice = chosen(config, userConfigFile(file, env).path);
  const roleOf = roleModels(config);
  const data = { default: choice, roles: roleOf, usable: usableModels(config), routes, local };
  const mark = (yes: boolean) => (yes ? style.green("✓") : style.dim("·"));
  const lines = [
    `${style.bold("default")}  ${choice.model ?? style.red(choice.problem ?? "none")}`,
    ...Object.entries(roleOf).flatMap(([role, model]) =>
      model === null ? [] : [`${style.dim(role.padEnd(9))}${model}`],
    ),
    "",
    style.bold("services"),
    ...routes.map(({ form, needs, example, usable }) => {
      const note = usable ? `for example ${example}` : `needs ${needs}`;
      return `  ${mark(usable)} ${form.padEnd(26)} ${style.dim(note)}`;
    }),
    "",
    style.bold("local servers"),
    ...local.flatMap(({ prefix, url, models, problem }) => [
      `  ${mark(models !== null)} ${`${prefix}/<model>`.padEnd(26)} ${style.dim(problem === null ? url : `${problem} at ${url}`)}`,
      ...(models ?? []).map((model) => `      ${oneLine(model)}`),
    ]),
    "",
    style.dim("Choose with --model ID, or model_name in the config file."),
  ];
  return { data, text: `${lines.join("\n")}\n`, exitCode: 0 };
}

function chosen(config: Parameters<typeof chooseModel>[0], file: string) {
  try {
    return { model: chooseModel(config, file).model, problem: null };
  } catch (error) {
    if (error instanceof FrontError) return { model: null, problem: error.message };
    throw error;
  }
}
