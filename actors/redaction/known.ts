// Secrets whose value is known, in every form that one step of encoding gives them.

/** Shorter values would be found in words that have nothing to do with them. */
export const leastKnownChars = 8;

/** The forms of the secrets, longest first, so that none is taken apart by a shorter one. */
export function formsOf(secrets: readonly string[]): string[] {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < leastKnownChars) continue;
    const json = JSON.stringify(secret).slice(1, -1);
    for (const form of [
      secret,
      json,
      encodeURIComponent(Buffer.from(secret, "utf8").toString("utf8")),
      ...inBase64(secret),
    ])
      forms.add(form);
  }
  return [...forms].filter((form) => form.length >= leastKnownChars).sort((a, b) => b.length - a.length);
}

/** The secret somewhere inside of a text in Base64: three alignments, of each the characters that it alone decides. */
function inBase64(secret: string): string[] {
  const bytes = Buffer.from(secret, "utf8");
  const standard = [0, 1, 2].map((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
    const from = Math.ceil((offset * 8) / 6);
    return padded.toString("base64").slice(from, Math.floor((padded.length * 8) / 6));
  });
  return standard.flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_")]);
}
