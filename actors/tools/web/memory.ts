// What was read a moment ago, so that reading on in it costs no further request. Small, and gone with the thread.

/** Things by name, for a while. */
export interface Memory<T> {
  get(name: string): T | null;
  set(name: string, value: T, size: number): void;
}

/** Makes a memory that forgets after `freshMs`, and the oldest first when the sizes together are over `mostSize`. */
export function createMemory<T>(freshMs: number, mostSize: number): Memory<T> {
  const kept = new Map<string, { value: T; size: number; at: number }>();
  let sum = 0;
  const forget = (name: string): void => {
    sum -= kept.get(name)?.size ?? 0;
    kept.delete(name);
  };
  return {
    get(name) {
      const found = kept.get(name);
      if (found === undefined) return null;
      if (Date.now() - found.at < freshMs) return found.value;
      forget(name);
      return null;
    },
    set(name, value, size) {
      forget(name);
      if (size > mostSize) return;
      kept.set(name, { value, size, at: Date.now() });
      sum += size;
      for (const oldest of kept.keys()) {
        if (sum <= mostSize) break;
        forget(oldest);
      }
    },
  };
}
