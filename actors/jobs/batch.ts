// Lines of a log on their way to people: many at once, plain, and of very many only the newest.

/** Milliseconds between two messages. */
const everyMs = 50;
/** Characters of one message; older lines are let go. */
const mostChars = 8_000;

/** Escape sequences (ECMA-48), and every control but tab and carriage return. */
const controls =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
  /\x1b(?:\[[0-?]*[ -/]*[@-~]?|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)|[\x00-\x08\x0a-\x0c\x0e-\x1f\x7f-\x9f]/g;

/** Gathers lines for `pass`. `secrets` are taken out of them. */
export function createLineBatch(pass: (text: string) => void, secrets: readonly string[]) {
  let waiting = "";
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting !== "") pass(waiting);
    waiting = "";
  }

  return {
    add(line: string): void {
      let plain = line.slice(0, mostChars).replace(controls, "");
      for (const secret of secrets) plain = plain.replaceAll(secret, "[redacted]");
      waiting += `${plain}\n`;
      if (waiting.length > 2 * mostChars)
        waiting = waiting.slice(waiting.indexOf("\n", waiting.length - mostChars) + 1);
      timer ??= setTimeout(flush, everyMs);
    },
    end: flush,
  };
}
