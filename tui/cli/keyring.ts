// The keys of the user as a front deals with them: what there is, where it comes from, and what is kept.
import type { KeyPlaces } from "../../actors/root/check-key.ts";
import type { Keyring, KeyState } from "../chat/types.ts";
import { credentials } from "../config/credentials/names.ts";
import { dropKey, keepKey } from "../config/credentials/store.ts";
import { effective, type JsonObject, type Layer, sourceOf } from "../config/layers.ts";
import { loadConfig } from "../config/load.ts";
import { llmArgs } from "../config/options.ts";
import { servicesOf } from "../config/services.ts";
import type { Environment } from "../config/variables.ts";
import { FrontError } from "../errors.ts";
import { lookAtLocalServers } from "./local-servers.ts";

/** The keys as a folder, an environment and a config file have them; what is kept is there at the next look. */
export function createKeyring(cwd: string, env: Environment, configFlag: string | null): Keyring {
  const layers = async (): Promise<Layer[]> => (await loadConfig(cwd, env, configFlag)).layers;
  const config = async (): Promise<JsonObject> => effective(await layers());

  async function keys(): Promise<KeyState[]> {
    const found = await layers();
    const values = effective(found);
    return credentials.map((credential) => {
      const key = credential.name.toLowerCase();
      return { ...credential, from: values[key] ? sourceOf(found, [key]) : null };
    });
  }

  async function fromOf(name: KeyState["name"]): Promise<string | null> {
    return (await keys()).find((key) => key.name === name)?.from ?? null;
  }

  return {
    keys,
    servers: async () => lookAtLocalServers(llmArgs(await config()).local),
    async keep(name, value) {
      const { checkKey } = await import("../../actors/root/check-key.ts");
      const taken = await checkKey(name, value, placesOf(await config()), new AbortController().signal).catch(refuse);
      const file = keepKey(name, taken.key, env);
      const from = await fromOf(name);
      return { name, file, owner: taken.owner, hiddenBy: from === file ? null : from };
    },
    async drop(name) {
      const file = dropKey(name, env);
      return { name, file, from: await fromOf(name) };
    },
  };
}

/** Where keys are checked. */
function placesOf(config: JsonObject): KeyPlaces {
  const { anthropic, openai, huggingface } = llmArgs(config);
  const { hub: hubUrl } = servicesOf(config);
  return { anthropic, openai, huggingface, hubUrl };
}

function refuse(error: unknown): never {
  if (!(error instanceof Error) || !("code" in error)) throw error;
  const hint = "details" in error ? (error.details as { hint?: string }).hint : undefined;
  throw new FrontError(String(error.code), error.message, hint, 1);
}
