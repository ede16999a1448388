// Functions for the pool's spec.
import { threadId } from "node:worker_threads";

export function double(value: number): number {
  return value * 2;
}

export function fail(): never {
  throw Object.assign(new RangeError("too far", { cause: new Error("root") }), { code: "RANGE", data: { n: 1 } });
}

export function spin(ms: number): number {
  const end = Date.now() + ms;
  while (Date.now() < end);
  return threadId;
}

export function bytesOf(buffer: ArrayBuffer): number {
  return buffer.byteLength;
}

export function environment(): string[] {
  return Object.keys(process.env);
}

export function die(code: number): never {
  process.exit(code);
}

export async function fillHeap(): Promise<never> {
  const kept: unknown[] = [];
  for (;;) {
    for (let index = 0; index < 1_000; index++) kept.push({ index, text: `object ${index}`, kept: [index] });
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export function unsendable(): unknown {
  return () => undefined;
}

export function print(text: string): null {
  process.stdout.write(text);
  process.stderr.write(text);
  return null;
}
