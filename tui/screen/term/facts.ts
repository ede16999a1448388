// What the environment says of the terminal, before anything is asked.

/** Bits of colour: none, 16 colours, 256, or all. */
export type Depth = 0 | 4 | 8 | 24;

/** What is known at once. */
export interface Facts {
  /** Whether a full-screen interface can be shown: a terminal at both ends, with somebody at it. */
  usable: boolean;
  /** Whether the terminal may be asked. Some print what they do not understand. */
  asks: boolean;
  /** Whether it takes strings (OSC) without printing them. */
  takesStrings: boolean;
  depth: Depth;
  /** Whether the user has settled the depth. */
  depthIsSettled: boolean;
  /** What stands between the program and the terminal. */
  multiplexer: "tmux" | "screen" | null;
  /** Whether the terminal is far away. */
  remote: boolean;
  /** Whether characters beyond ASCII can be shown. */
  unicode: boolean;
  /** Whether its background is dark or light; null: unknown. */
  scheme: "dark" | "light" | null;
  /** Whether it can be believed to answer DECRQM instead of printing it. */
  asksModes: boolean;
}

type Env = Readonly<Record<string, string | undefined>>;

/** What the environment says. */
export function factsOf(env: Env, terminals: { input: boolean; output: boolean }): Facts {
  const term = env.TERM ?? "";
  const isSet = (value: string | undefined) =>
    value !== undefined && value !== "" && value !== "0" && value !== "false";
  const isAttended = !isSet(env.CI) && term !== "dumb" && term !== "";
  const usable = terminals.input && terminals.output && isAttended;
  const multiplexer = multiplexerOf(env, term);
  const isConsole = /^(linux|cons25|vt\d)/.test(term);
  return {
    usable,
    asks: usable && !isConsole && multiplexer !== "screen",
    takesStrings: usable && !isConsole,
    ...depthOf(env, term, multiplexer),
    multiplexer,
    remote: [env.SSH_CONNECTION, env.SSH_TTY, env.SSH_CLIENT, env.MOSH_CONNECTION].some(isSet),
    unicode: isUnicode(env) && !isConsole,
    scheme: schemeOf(env.COLORFGBG),
    asksModes: env.TERM_PROGRAM !== "Apple_Terminal",
  };
}

function multiplexerOf(env: Env, term: string): Facts["multiplexer"] {
  if (env.TMUX || term.startsWith("tmux")) return "tmux";
  return env.STY || term.startsWith("screen") ? "screen" : null;
}

/** `FORCE_COLOR` says how much, `NO_COLOR` says none; where both are set the one that says how much is the later wish. */
function depthOf(env: Env, term: string, multiplexer: Facts["multiplexer"]) {
  const force = env.FORCE_COLOR;
  if (force !== undefined && force !== "" && force !== "true") {
    const depth = ({ "0": 0, false: 0, "1": 4, "2": 8, "3": 24 } as const)[force];
    if (depth !== undefined) return { depth, depthIsSettled: true };
  }
  const isForced = force === "" || force === "true";
  if (env.NO_COLOR && !isForced) return { depth: 0 as const, depthIsSettled: true };
  const found = impliedDepth(env, term);
  // GNU screen misreads 24-bit colours, and hands the variables of the terminal around it on.
  const capped = multiplexer === "screen" && found === 24 ? 8 : found;
  return { depth: isForced && capped === 0 ? (4 as const) : capped, depthIsSettled: false };
}

function impliedDepth(env: Env, term: string): Depth {
  if (term === "dumb" || term === "" || /^vt\d|-m$|mono/.test(term)) return 0;
  if (/^(truecolor|24bit)$/i.test(env.COLORTERM ?? "")) return 24;
  if (/-direct$|^xterm-(kitty|ghostty)$|^(alacritty|foot|wezterm|contour|rio)/.test(term)) return 24;
  if (env.WT_SESSION || /^(iTerm\.app|WezTerm|ghostty|vscode|rio)$/.test(env.TERM_PROGRAM ?? "")) return 24;
  return /256(color)?/.test(term) || env.TERM_PROGRAM === "Apple_Terminal" ? 8 : 4;
}

/** The first of the three variables that is set decides. Where none is, or only `C`, terminals of today are UTF-8. */
function isUnicode(env: Env): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || "";
  const charset = /\.([^@]+)/.exec(locale)?.[1];
  return charset === undefined || /^utf-?8$/i.test(charset);
}

/** `COLORFGBG` ends in the number of the background among the 16 colours. */
function schemeOf(colours: string | undefined): Facts["scheme"] {
  const background = /;(\d{1,2})$/.exec(colours ?? "")?.[1];
  if (background === undefined) return null;
  const index = Number(background);
  return index === 7 || index >= 9 ? "light" : "dark";
}
