import type { Gate } from "./gate.ts";

/** What stands in a script or a command is kept by the Hub with the job, where others of the account can read it. */
export const hardcodedSecret: Gate = ({ script, command, env, secretsIn }) => {
  const places = [script ?? "", command, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
  const count = places.reduce((sum, text) => sum + secretsIn(text), 0);
  if (count === 0) return null;
  return {
    message: `The script, the command or env holds what looks like a secret (${count === 1 ? "one place" : `${count} places`}).`,
    hint: 'Take it out; a token goes with secrets: ["HF_TOKEN"] and is read from the environment.',
  };
};
