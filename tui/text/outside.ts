// Text from outside carries marks for the model, so that it cannot speak for the program.

/** Such text without them: people are told beside it where it comes from. */
export function withoutMarks(output: string): string {
  return output
    .split("\n")
    .filter((line) => !/^\[(?:end of )?text from outside\b.*, mark [\da-f]+\b.*\]$/.test(line))
    .join("\n");
}
