import type { Gate } from "./gate.ts";

/** uv refuses a script whose header it cannot read. */
export const header: Gate = ({ header: found }) =>
  found !== null && found.problem !== null
    ? {
        message: `The script's \`# /// script\` header is not right: ${found.problem}.`,
        hint: 'It reads: # /// script, then # dependencies = ["trl", "datasets"], then # ///.',
      }
    : null;
