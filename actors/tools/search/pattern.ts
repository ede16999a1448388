// The search pattern: one syntax, whichever engine runs it. It is read token by token and written twice, for
// JavaScript and for ripgrep's engine, so that both give the same answer; what only one of them can do is run by that
// one. Matches are within a line.
import { ToolError } from "../errors.ts";

/** A pattern in both dialects; `rust` is null when ripgrep's engine cannot express it. */
export interface SearchPattern {
  js: string;
  rust: string | null;
  ignoreCase: boolean;
}

interface Emitted {
  js: string;
  rust: string | null;
}

const blank =
  "\\t\\n\\v\\f\\r \\u{a0}\\u{1680}\\u{2000}-\\u{200a}\\u{2028}\\u{2029}\\u{202f}\\u{205f}\\u{3000}\\u{feff}";
const rustBlank = blank.replaceAll("\\u{", "\\x{");
const word = "A-Za-z0-9_";
/** Classes as the inside of a bracket. Digits, words and blanks are those of JavaScript. */
const classes: Record<string, { js: string; rust: string; negated: boolean }> = {
  d: { js: "0-9", rust: "0-9", negated: false },
  D: { js: "0-9", rust: "0-9", negated: true },
  w: { js: word, rust: word, negated: false },
  W: { js: word, rust: word, negated: true },
  s: { js: blank, rust: rustBlank, negated: false },
  S: { js: blank, rust: rustBlank, negated: true },
  h: { js: " \\t", rust: " \\t", negated: false },
};
const posix: Record<string, string> = {
  alpha: "A-Za-z",
  digit: "0-9",
  alnum: "A-Za-z0-9",
  upper: "A-Z",
  lower: "a-z",
  word,
  xdigit: "0-9A-Fa-f",
  blank: " \\t",
  space: " \\t\\r\\f\\v",
  punct: "!-\\/:-@\\[-`\\{-~",
};
const controls: Record<string, number> = { t: 9, v: 11, f: 12, r: 13, a: 7, e: 27, 0: 0 };

function bad(message: string): ToolError {
  const hint =
    "The syntax is that of JavaScript regular expressions; put a backslash before ( ) [ ] { } . * + ? ^ $ | \\ to find them as they are.";
  return new ToolError("BAD_ARGUMENTS", `The pattern cannot be used: ${message}.`, hint);
}

function literal(code: number): Emitted {
  const character = String.fromCodePoint(code);
  if (code > 0x7f || /[A-Za-z0-9_ ]/.test(character)) return { js: character, rust: character };
  const hex = code.toString(16);
  return { js: `\\u{${hex}}`, rust: `\\x{${hex}}` };
}

/** A character given by its code: `\xHH`, `\uHHHH`, `\u{…}`, `\x{…}`, or one of the short forms. */
function codeEscape(rest: string): { code: number; length: number } | null {
  const hex = /^(?:x([0-9a-f]{2})|u([0-9a-f]{4})|[xu]\{([0-9a-f]{1,6})\})/i.exec(rest);
  if (hex) {
    const code = Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? "", 16);
    if (code > 0x10ffff) throw bad(`there is no character \\${hex[0]}`);
    return { code, length: hex[0].length };
  }
  const control = /^c([A-Za-z])/.exec(rest);
  if (control) return { code: (control[1] ?? "@").charCodeAt(0) % 32, length: 2 };
  const first = rest[0] ?? "";
  if (Object.hasOwn(controls, first)) return { code: controls[first] ?? 0, length: 1 };
  const code = rest.codePointAt(0) ?? 0;
  return /^[A-Za-z0-9]/.test(rest) ? null : { code, length: code > 0xffff ? 2 : 1 };
}

function oneLineOnly(): ToolError {
  return new ToolError(
    "BAD_ARGUMENTS",
    "The pattern cannot span lines.",
    "Search for one of the lines, with context to see those around it.",
  );
}

function emitClass(name: string): Emitted {
  const set = classes[name];
  if (set === undefined) throw bad(`\\${name} is not known`);
  // A negated class must not take the CR of a line end for a character.
  const cr = set.negated && name !== "S" ? "\\r" : "";
  return { js: `[${set.negated ? "^" : ""}${set.js}${cr}]`, rust: `[${set.negated ? "^" : ""}${set.rust}${cr}]` };
}

/** What follows a backslash outside of brackets. */
function emitEscape(rest: string): Emitted & { length: number } {
  const first = rest[0];
  if (first === undefined) throw bad("it ends with a backslash");
  if (first === "n") throw oneLineOnly();
  if (Object.hasOwn(classes, first)) return { ...emitClass(first), length: 1 };
  if (/[bB]/.test(first)) return { js: `\\${first}`, rust: `(?-u:\\${first})`, length: 1 };
  if (/[<>]/.test(first)) return { js: "\\b", rust: "(?-u:\\b)", length: 1 };
  if (first === "A") return { js: "^", rust: "^", length: 1 };
  if (first === "z" || first === "Z") return { js: "$", rust: "$", length: 1 };
  const onlyJs = /^(?:[1-9]\d*|k<\w+>|[pP]\{[^}]*\})/.exec(rest);
  if (onlyJs) return { js: `\\${onlyJs[0]}`, rust: null, length: onlyJs[0].length };
  const code = codeEscape(rest);
  if (code === null) throw bad(`\\${first} is not known`);
  if (code.code === 10) throw oneLineOnly();
  return { ...literal(code.code), length: code.length };
}

/** A bracket expression that begins at `from`. */
function emitBracket(pattern: string, from: number): Emitted & { length: number } {
  let at = from + 1;
  const negated = pattern[at] === "^";
  if (negated) at += 1;
  const items: ({ code: number } | Emitted)[] = [];
  const start = at;
  for (;;) {
    const character = pattern[at];
    if (character === undefined) throw bad("a [ is not closed");
    if (character === "]" && at > start) break;
    const named = /^\[:(\w+):\]/.exec(pattern.slice(at, at + 12));
    if (named) {
      const set = posix[named[1] ?? ""];
      if (set === undefined) throw bad(`there is no class ${named[0]}`);
      items.push({ js: set, rust: set });
      at += named[0].length;
    } else if (character === "\\") {
      const rest = pattern.slice(at + 1);
      const name = rest[0] ?? "";
      const property = /^[pP]\{[^}]*\}/.exec(rest);
      const set = Object.hasOwn(classes, name) ? classes[name] : undefined;
      if (property) items.push({ js: `\\${property[0]}`, rust: null });
      else if (set)
        items.push(set.negated ? { js: `\\${name}`, rust: `[^${set.rust}]` } : { js: set.js, rust: set.rust });
      const code =
        property || set
          ? null
          : name === "b"
            ? { code: 8, length: 1 }
            : name === "n"
              ? { code: 10, length: 1 }
              : codeEscape(rest);
      if (!property && !set && code === null) throw bad(`\\${name} is not known`);
      if (code !== null) items.push({ code: code.code });
      at += 1 + (property?.[0].length ?? code?.length ?? 1);
    } else {
      const code = pattern.codePointAt(at) ?? 0;
      items.push({ code });
      at += code > 0xffff ? 2 : 1;
    }
  }
  const body = joinItems(items);
  const cr = negated ? "\\r" : "";
  const open = negated ? "[^" : "[";
  return {
    js: `${open}${body.js}${cr}]`,
    rust: body.rust === null ? null : `${open}${body.rust}${cr}]`,
    length: at + 1 - from,
  };
}

const dash = 0x2d;

/** Items of a bracket in both dialects. A dash between two characters makes a range, any other is a dash. */
function joinItems(items: readonly ({ code: number } | Emitted)[]): Emitted {
  let js = "";
  let rust: string | null = "";
  for (const [index, item] of items.entries()) {
    const before = items[index - 1];
    const after = items[index + 1];
    const isRange = "code" in item && item.code === dash && before && "code" in before && after && "code" in after;
    const piece: Emitted = isRange ? { js: "-", rust: "-" } : "code" in item ? literal(item.code) : item;
    js += piece.js;
    rust = rust === null || piece.rust === null ? null : rust + piece.rust;
  }
  return { js, rust };
}

/** The opening of a group. */
function emitGroup(rest: string): Emitted & { length: number } {
  const named = /^\(\?P?<([A-Za-z_]\w*)>/.exec(rest);
  if (named) return { js: `(?<${named[1]}>`, rust: `(?P<${named[1]}>`, length: named[0].length };
  const look = /^\(\?(?:=|!|<=|<!)/.exec(rest);
  if (look) return { js: look[0], rust: null, length: look[0].length };
  if (rest.startsWith("(?:")) return { js: "(?:", rust: "(?:", length: 3 };
  if (rest.startsWith("(?")) throw bad(`${rest.slice(0, 4)}…) is not supported, apart from (?i) at the beginning`);
  return { js: "(", rust: "(", length: 1 };
}

function emitAt(pattern: string, at: number): Emitted & { length: number } {
  const character = pattern[at] ?? "";
  if (character === "\\") {
    const emitted = emitEscape(pattern.slice(at + 1));
    return { ...emitted, length: emitted.length + 1 };
  }
  if (character === "[") return emitBracket(pattern, at);
  if (character === "(") return emitGroup(pattern.slice(at));
  if (character === ".") return { js: "[^\\n\\r]", rust: "[^\\n\\r]", length: 1 };
  if (character === "{") {
    const count = /^\{\d+(?:,\d*)?\}/.exec(pattern.slice(at));
    if (count) return { js: count[0], rust: count[0], length: count[0].length };
  }
  if (/[\^$|*+?)]/.test(character)) return { js: character, rust: character, length: 1 };
  if (character === "\n") throw oneLineOnly();
  const code = pattern.codePointAt(at) ?? 0;
  return { ...literal(code), length: code > 0xffff ? 2 : 1 };
}

/** Reads a pattern. Throws `BAD_ARGUMENTS` with what is wrong with it. Pure. */
export function readPattern(pattern: string, ignoreCase: boolean): SearchPattern {
  if (pattern === "") throw bad("it is empty");
  const flag = pattern.startsWith("(?i)");
  let at = flag ? 4 : 0;
  let js = "";
  let rust: string | null = "";
  while (at < pattern.length) {
    const piece = emitAt(pattern, at);
    js += piece.js;
    rust = rust === null || piece.rust === null ? null : rust + piece.rust;
    at += piece.length;
  }
  try {
    new RegExp(js, "u");
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^.*: /, "").toLowerCase() : "it is not valid";
    throw bad(reason);
  }
  return { js, rust, ignoreCase: ignoreCase || flag };
}
