// Errors across borders. Structured clone drops the code and the own fields of an error, so they travel as plain data.
import { RuntimeError, type RuntimeErrorCode } from "./errors.ts";

/** An error as plain data. */
export interface EncodedError {
  name: string;
  message: string;
  stack?: string;
  cause?: EncodedError;
  /** Own fields that are plain data: `code`, `data`, `hint`, … */
  fields?: Record<string, unknown>;
  /** The parts of an aggregate error. */
  errors?: EncodedError[];
}

/** Causes and nested data deeper than this are cut off. */
const maxDepth = 8;

const builtIns: Record<string, new (message: string) => Error> = {
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

const skipped = new Set(["name", "message", "stack", "cause", "errors"]);

/** Turns anything that was thrown into plain data. Never throws. */
export function encodeError(thrown: unknown, depth = 0): EncodedError {
  try {
    return encode(thrown, depth);
  } catch {
    return { name: "Error", message: "An error that could not be read was thrown." };
  }
}

function encode(thrown: unknown, depth: number): EncodedError {
  if (!(thrown instanceof Error)) return encodeOther(thrown);
  const encoded: EncodedError = { name: String(thrown.name), message: String(thrown.message) };
  if (typeof thrown.stack === "string") encoded.stack = thrown.stack;
  const fields: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(thrown)) {
    if (skipped.has(key)) continue;
    const plain = plainCopy(value, depth);
    if (plain !== undefined) fields[key] = plain;
  }
  if (Object.keys(fields).length > 0) encoded.fields = fields;
  if (depth >= maxDepth) return encoded;
  if (thrown.cause !== undefined) encoded.cause = encodeError(thrown.cause, depth + 1);
  if (thrown instanceof AggregateError) {
    encoded.errors = thrown.errors.slice(0, maxDepth).map((part) => encodeError(part, depth + 1));
  }
  return encoded;
}

/** What is thrown need not be an error; objects that look like one (from another realm, say) are read as one. */
function encodeOther(thrown: unknown): EncodedError {
  if (typeof thrown !== "object" || thrown === null) return { name: "Error", message: String(thrown) };
  const plain = plainCopy(thrown, 0);
  const fields = typeof plain === "object" && plain !== null && !Array.isArray(plain) ? { ...plain } : { data: plain };
  const { name, message, ...rest } = fields as Record<string, unknown>;
  return {
    name: typeof name === "string" ? name : "Error",
    message: typeof message === "string" ? message : "Something that is no error was thrown.",
    fields: rest,
  };
}

/** A copy of what is plain data in a value; undefined for what is not (functions, class instances). */
export function plainCopy(value: unknown, depth = 0): unknown {
  if (value === null) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Error) return encodeError(value, depth + 1);
  if (typeof value !== "object" || depth >= maxDepth) return undefined;
  if (Array.isArray(value)) return value.map((item) => plainCopy(item, depth + 1) ?? null);
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const plain = plainCopy(item, depth + 1);
    if (plain !== undefined) copy[key] = plain;
  }
  return copy;
}

/** The error that was encoded, with its name, fields, causes and stack. */
export function decodeError(encoded: EncodedError): Error {
  const error = create(encoded);
  if (error.name !== encoded.name) hide(error, "name", encoded.name);
  for (const [key, value] of Object.entries(encoded.fields ?? {})) {
    if (!skipped.has(key)) Object.defineProperty(error, key, { value, ...open, enumerable: true });
  }
  if (encoded.cause !== undefined) hide(error, "cause", decodeError(encoded.cause));
  if (encoded.stack !== undefined) hide(error, "stack", encoded.stack);
  return error;
}

function create(encoded: EncodedError): Error {
  if (encoded.name === "RuntimeError" && typeof encoded.fields?.code === "string") {
    return new RuntimeError(encoded.fields.code as RuntimeErrorCode, encoded.message);
  }
  if (encoded.errors !== undefined) return new AggregateError(encoded.errors.map(decodeError), encoded.message);
  const BuiltIn = Object.hasOwn(builtIns, encoded.name) ? builtIns[encoded.name] : undefined;
  return BuiltIn === undefined ? new Error(encoded.message) : new BuiltIn(encoded.message);
}

const open = { writable: true, configurable: true } as const;

function hide(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, ...open, enumerable: false });
}
