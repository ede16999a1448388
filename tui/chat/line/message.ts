// Messages out of lines: one that ends with a backslash goes on in the next.

/** Puts messages together. */
export interface Assembler {
  /** Adds a line; `continues`: what comes next belongs to it whatever its end. The message when it is whole, or null. */
  add(line: string, continues: boolean): string | null;
  /** What there is of a message whose last line has not come, or null. It is forgotten. */
  take(): string | null;
}

export function createAssembler(): Assembler {
  let begun: string[] = [];

  function take(): string | null {
    const message = begun.length === 0 ? null : begun.join("\n");
    begun = [];
    return message;
  }

  return {
    add(line, continues) {
      // Two backslashes at the end are meant as they are.
      const open = !continues && /(?:^|[^\\])\\$/.test(line);
      begun.push(open ? line.slice(0, -1) : line);
      return open || continues ? null : take();
    },
    take,
  };
}
