// JSON with an error that a person can find: the platform's own often names no place at all.
import type { Json } from "../../actors/events.ts";
import { FrontError } from "../errors.ts";

/** Parses the text of a config file. Throws a `FrontError` with file, line, column and what was expected. */
export function parseJson(text: string, file: string): Json {
  const source = text.replace(/^\ufeff/, "");
  try {
    return JSON.parse(source);
  } catch {
    const { offset, message } = findFault(source);
    const before = source.slice(0, offset).split("\n");
    const line = before.length;
    const column = (before.at(-1)?.length ?? 0) + 1;
    throw new FrontError("CONFIG_NOT_JSON", `${file}:${line}:${column}: ${message}`, hintFor(source, offset));
  }
}

function hintFor(source: string, offset: number): string {
  const rest = source.slice(offset);
  if (/^(\/\/|\/\*|#)/.test(rest)) return "JSON knows no comments: take it out.";
  if (rest.startsWith("'")) return "JSON strings stand in double quotes.";
  if (/^[}\]]/.test(rest) && /,\s*$/.test(source.slice(0, offset))) return "Take out the comma before it.";
  return "Correct the file, or check it with any JSON tool.";
}

class Fault extends Error {
  constructor(
    readonly offset: number,
    message: string,
  ) {
    super(message);
  }
}

const literal = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings may not contain them.
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const space = /[ \t\r\n]*/y;

/** Where a text stops being JSON. A plain recursive descent that builds nothing. */
function findFault(source: string): { offset: number; message: string } {
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match !== null) at = pattern.lastIndex;
    return match !== null;
  };
  const skip = () => take(space);
  const fail = (expected: string): never => {
    const found = at >= source.length ? "the end of the file" : JSON.stringify(source[at]);
    throw new Fault(at, `expected ${expected}, found ${found}`);
  };
  const list = (close: string, item: () => void, what: string) => {
    at++;
    skip();
    if (source[at] === close) {
      at++;
      return;
    }
    for (;;) {
      item();
      skip();
      if (source[at] === close) break;
      if (source[at] !== ",") fail(`"," or "${close}" after ${what}`);
      at++;
      skip();
    }
    at++;
  };
  const value = () => {
    skip();
    if (source[at] === "{") list("}", member, "a member");
    else if (source[at] === "[") list("]", value, "an item");
    else if (source[at] === '"') text("a string that ends on its line, with \\ written as \\\\");
    else if (!take(literal)) fail("a value");
  };
  const text = (expected: string) => {
    if (!take(string)) fail(expected);
  };
  const member = () => {
    if (source[at] !== '"') fail("a key in double quotes");
    text("a key that ends on its line");
    skip();
    if (source[at] !== ":") fail('":" after the key');
    at++;
    value();
  };
  try {
    value();
    skip();
    if (at < source.length) fail("nothing more");
    return { offset: at, message: "not valid JSON" };
  } catch (error) {
    if (error instanceof Fault) return { offset: error.offset, message: error.message };
    return { offset: at, message: "nested too deeply" };
  }
}
