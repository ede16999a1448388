// Which configs and splits there are, and which one is meant.
import { asObjects, asText } from "../../../shape.ts";
import { nearest } from "../../coerce.ts";
import { ToolError } from "../../errors.ts";

/** A split of a config. */
export interface SplitName {
  config: string;
  split: string;
}

/** Reads an answer of `/splits`. `broken`: configs that the viewer could not read, with its reason. */
export function splitsIn(body: Record<string, unknown>): { splits: SplitName[]; pending: string[]; broken: string[] } {
  const names = (value: unknown) =>
    asObjects(value).map((entry) => ({ config: asText(entry.config), split: asText(entry.split) }));
  return {
    splits: names(body.splits).filter(({ config, split }) => config !== "" && split !== ""),
    pending: names(body.pending).map(({ config }) => config),
    broken: asObjects(body.failed).map((entry) => {
      const error = entry.error;
      const said = typeof error === "string" ? error : asText((error as Record<string, unknown> | null)?.error);
      return said === "" ? asText(entry.config) : `${asText(entry.config)} (${said.slice(0, 160)})`;
    }),
  };
}

function unknown(what: string, name: string, names: readonly string[], of: string): ToolError {
  const near = nearest(name, names);
  const listed = names.slice(0, 30).join(", ") + (names.length > 30 ? `, … (${names.length})` : "");
  const hint = `${near.length > 0 ? `Did you mean ${near.join(" or ")}? ` : ""}There are: ${listed}.`;
  return new ToolError("NOT_FOUND", `${of} has no ${what} ${JSON.stringify(name)}.`, hint);
}

/** The split that is meant; what was not said is chosen within what was. Throws `NOT_FOUND` with the nearest names. */
export function chosen(
  splits: readonly SplitName[],
  wanted: { config: string | undefined; split: string | undefined },
  dataset: string,
): SplitName {
  const configs = [...new Set(splits.map(({ config }) => config))];
  const { config = usual(configs, "default"), split } = wanted;
  if (!configs.includes(config)) {
    // Config and split are easily taken for each other.
    if (splits.some((each) => each.split === config)) {
      throw new ToolError(
        "NOT_FOUND",
        `${config} is a split of ${dataset}, not a config.`,
        `Give it as split. The configs are: ${configs.slice(0, 30).join(", ")}.`,
      );
    }
    throw unknown("config", config, configs, dataset);
  }
  const inConfig = splits.filter((each) => each.config === config).map((each) => each.split);
  if (split !== undefined && !inConfig.includes(split)) {
    throw unknown("split", split, inConfig, `The config ${config} of ${dataset}`);
  }
  return { config, split: split ?? usual(inConfig, "train") };
}

function usual(names: readonly string[], name: string): string {
  return names.includes(name) ? name : (names[0] ?? name);
}
