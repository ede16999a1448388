// One piece of work for all who want its outcome at the same time.

/** Runs the work, unless the same is under way: then its outcome is awaited. `signal`: of who asks now. */
export type Share<T> = (name: string, signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

/** Makes one. */
export function createShare<T>(): Share<T> {
  const running = new Map<string, Promise<T>>();
  return async (name, signal, work) => {
    for (let other = running.get(name); other !== undefined; other = running.get(name)) {
      const outcome = await other.then(
        (value) => ({ value }),
        () => null,
      );
      if (outcome !== null) return outcome.value;
      // Whoever ran it may have been called off, which is no reason for the others to fail: one of them runs it again.
      signal.throwIfAborted();
    }
    const own = work().finally(() => running.delete(name));
    running.set(name, own);
    return await own;
  };
}
