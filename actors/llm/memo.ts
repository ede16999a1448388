// Work done once per message: messages never change, so what they were converted to is kept beside them.

/** Remembers a conversion for each message for as long as the message lives. */
export function perMessage<M extends object, T>(convert: (message: M) => T): (message: M) => T {
  const done = new WeakMap<M, { value: T }>();
  return (message) => {
    const known = done.get(message);
    if (known !== undefined) return known.value;
    const value = convert(message);
    done.set(message, { value });
    return value;
  };
}
