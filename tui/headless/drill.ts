// A drill that anyone can run: SIGUSR2 ends the tool executor, the sandbox and the MCP servers as a crash would, in mid-work. The
// session goes on, and so do the commands that were running; the journal and the log tell what happened.
import type { Agent } from "../../actors/root/types.ts";

/** Listens for the signal until the returned function is called. */
export function listenForDrill(agent: Agent): () => void {
  const drill = () => {
    agent.crash("tools");
    agent.crash("sandbox");
    agent.crash("mcp");
  };
  process.on("SIGUSR2", drill);
  return () => process.off("SIGUSR2", drill);
}
