// A config for specs that reckon with tokens or money: the whole catalogue's weight would change with each new tool.

/** For a config file: the tools of this machine alone, the plan and the notifier. */
export const fewTools = { tools_off: ["*hf_*", "github_*", "web_*", "research"] };
