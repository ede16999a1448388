// The fold of commands that the user runs: they are beside the turns, and the model sees each once.
import type { Handlers } from "./fold.ts";
import { say } from "./say.ts";

export const foldCommands: Handlers<"user_command" | "user_command_ended" | "user_command_told"> = {
  user_command(state, { command_id: id, command }) {
    state.commands.set(id, { id, command, ended: null });
  },
  user_command_ended(state, data) {
    const known = state.commands.get(data.command_id);
    if (known !== undefined) known.ended = data;
    if (data.untrusted !== undefined) state.tainted = data.untrusted;
  },
  user_command_told(state, { command_id: id }) {
    const known = state.commands.get(id);
    state.commands.delete(id);
    if (known?.ended != null) say(state, { role: "command", command: known.command, text: known.ended.output });
  },
};
