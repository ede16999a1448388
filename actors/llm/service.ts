// Who is being called, in the words that error messages need.

/** A service that answers model calls. */
export interface Service {
  /** For people: `Anthropic`, `the Hugging Face router`, `Ollama`. */
  name: string;
  baseUrl: string;
  /** The model's id as the user wrote it. */
  model: string;
  /** Environment variables that set the key and the address. */
  keyVariable: string;
  baseVariable: string;
  /** Where bills are paid; null for a local server. */
  billingUrl: string | null;
  /** Where keys are made; null for a local server. */
  keysUrl: string | null;
  /** Who is charged, where that is not plainly the owner of the key. */
  payer?: string;
}

/** What can be used instead of a service that cannot be used. */
export const alternatives = "another model, a local server (ollama/<model>) or offline/tabular";
