// How a front is to look and to be used: known before any session is.

/** The settings of a front. */
export interface FrontSettings {
  /** The theme that the user wishes for: a name or a path; null: as the terminal is. */
  readonly theme: string | null;
  /** The user's own keys, by command; judged where they are used. */
  readonly keys: unknown;
  /** Whether clicks and the wheel are asked for. */
  readonly mouse: boolean;
  /** The environment of the user, for the editor, for colours and for the terminal. */
  readonly env: Readonly<Record<string, string | undefined>>;
}
