// Whose address an address is.

/** Whether it is OpenAI's own; others speak its dialect, and know less of it. */
export function isOpenAi(baseUrl: string): boolean {
  return /^https:\/\/([a-z]+\.)?api\.openai\.com(\/|$)/.test(baseUrl);
}
