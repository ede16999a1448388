// `ml-intern sessions export`: to a file, or to standard output.
import { resolve } from "node:path";
import { secretsFrom } from "../../../actors/redaction/secrets.ts";
import { codeOf } from "../../../runtime/errors.ts";
import { effective } from "../../config/layers.ts";
import { loadConfig } from "../../config/load.ts";
import { FrontError } from "../../errors.ts";
import { type Exported, exportTo, exportToFile } from "../../sessions/export/write.ts";
import type { Found } from "../../sessions/find.ts";
import { folderOf } from "../../sessions/find.ts";
import { desertedCode } from "../../text/lost.ts";
import type { SessionsOptions } from "../sessions.ts";
import type { Answer } from "../small.ts";
import { formatOf } from "./words.ts";

/** Exports a session. What was written is told in the answer, or on standard error when standard output has the export. */
export async function exportAnswer(session: Found, options: SessionsOptions): Promise<Answer> {
  const format = formatOf(options.format);
  const secrets = options.redact ? await knownSecrets(session, options) : null;
  if (options.output !== null && options.output !== "-") {
    const file = resolve(options.output);
    const exported = await exportToFile(file, options.yes, session, { format, secrets });
    const text = `Exported ${session.id} to ${file}: ${summary(exported)}\n`;
    return { data: { id: session.id, file, format, ...exported }, text, exitCode: 0 };
  }
  if (options.json) {
    const hint = "Name the file with --output FILE.";
    throw new FrontError("USAGE", "With --json, standard output has the answer and cannot have the export.", hint);
  }
  try {
    const exported = await exportTo(options.stdout, session, { format, secrets });
    options.stderr.write(`Exported ${session.id}: ${summary(exported)}\n`);
    return { data: { id: session.id, file: null, format, ...exported }, text: "", exitCode: 0 };
  } catch (error) {
    // Nobody reads it any more, as with any command in a pipeline.
    if (codeOf(error) !== "EPIPE" && codeOf(error) !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
    return { data: null, text: "", exitCode: desertedCode };
  }
}

/** The secrets of the environment and of the settings, those of the session's own folder among them. */
async function knownSecrets(session: Found, { env, cwd, file }: SessionsOptions): Promise<string[]> {
  const folder = folderOf(session.dir) ?? cwd;
  const { layers, env: withDotenv } = await loadConfig(folder, env, file);
  const config = effective(layers);
  return [...new Set([...secretsFrom(withDotenv, config), ...layers.flatMap(({ values }) => secretsFrom({}, values))])];
}

function summary({ entries, bytes, redacted }: Exported): string {
  const places =
    redacted === null
      ? "nothing was redacted; look through it before you pass it on"
      : `${redacted} ${redacted === 1 ? "place was" : "places were"} redacted; look through it before you pass it on`;
  return `${entries} entries, ${bytes} bytes; ${places}.`;
}
