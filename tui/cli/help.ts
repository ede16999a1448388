// The text of --help.

/** What the command can do, on one screen. */
export const helpText = `ml-intern: a terminal agent that researches, writes and ships machine-learning code

Usage
  ml-intern [OPTIONS]              a conversation in the terminal
  ml-intern [OPTIONS] "PROMPT"     run a prompt to its end; "-" or a pipe reads it from stdin
  ml-intern --continue             finish what was cut off in this folder
  ml-intern COMMAND [--json]       one of the small commands below

Options
  -m, --model ID             model to use (default: by the keys that are set; see: ml-intern models)
  -c, --continue             go on with the newest session of this folder
  -r, --resume [ID]          go on with a session: its number in the list, the beginning of its
                             id, its name, or its path; without one, a list to choose from
      --max-iterations N     model calls in one turn, -1 for no limit (default 300)
      --no-stream            ask the model for whole replies
      --plain                a conversation in lines, also from a pipe: a line for each message
      --no-mouse             leave clicks and the wheel to the terminal
      --output-format F      text (the answer), json (one object), stream-json (one event a line)
      --approval MODE        ask, auto or deny, for calls that need an approval (default ask; in a
                             headless run nobody is there, so ask means no)
      --budget USD           what the session may spend in all; nothing starts whose worst
                             case does not fit, and none lifts an earlier limit
      --publish-to REPO      a repository that may be uploaded to without asking, or a pattern such
                             as 'me/*'; may be given again
      --isolation MODE       auto or off: whether commands are kept inside the workspace, or asked
                             about where bubblewrap is missing (default auto)
      --sandbox-tools        commands and files on a machine of the Hub's instead of this one
      --cwd DIR              the folder to work in (default: this one)
      --config FILE          config file (default ~/.config/ml-intern/cli_agent_config.json)
      --reset-terminal       put a terminal right that a killed program has left in a bad state
  -v, --version              print the version
  -h, --help                 print this

Commands
  sandboxes [--sweep]        machines on the Hub that sessions have made; --sweep ends those
                             whose session is closed
  sessions [--all]           what was done, and what can be continued
  sessions show|export|import|fork|rename|delete ...
                             look at a session, take it out, bring one in, branch it, name it
  mcp                        serve the research tools to another agent, over stdio
  mcp list|test|approve|login [NAME]
                             the MCP servers of the config: how they stand, what has changed
  sessions replay ID [--speed N]
                             watch a session as it happened; nothing is run
  doctor                     whether this machine has what the agent needs
  config                     the settings in force, and where each comes from
  models                     how to name models, and which can be used right now

The answer goes to standard output, everything else to standard error.
In a conversation /help lists what begins with a slash; Ctrl-C ends the turn, Ctrl-D leaves.
Exit codes: 0 done, 1 error, 2 bad usage, config or missing key, 3 an approval was needed and not
given, 4 iteration limit, 5 budget, 6 context cannot be compacted, 129/130/131/143 by a signal.

Keys: ANTHROPIC_API_KEY, OPENAI_API_KEY, HF_TOKEN; in the environment, ./.env, the config file, or
given once with /login in a conversation.
`;
