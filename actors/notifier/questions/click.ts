// A press of a button as Slack tells it, and whether it answers a question. Pure.

/** What a button carries. */
export interface ButtonValue {
  session: string;
  question: string;
  seal: string;
}

/** The buttons of a question, by the name that Slack sends back. */
export const actions = { allow: "ml_intern_allow", deny: "ml_intern_deny" } as const;

/** Somebody has pressed a button of a question. */
export interface Click {
  user: { id: string; name: string };
  /** The channel of the message, or null where Slack does not say. */
  channel: string | null;
  approved: boolean;
  /** What the button carried, or null: nothing that this program makes. */
  value: ButtonValue | null;
}

/** What is known of the question that a seal belongs to. */
export interface Standing {
  question: string;
  approvers: readonly string[];
  /** Who has answered it already, or null. */
  answeredBy: string | null;
}

/** The text of a button's value. Slack takes 2,000 characters. */
export function valueText(value: ButtonValue): string {
  return JSON.stringify(value);
}

/** Reads an `interactive` payload; null for what is no press of such a button. */
export function readClick(payload: unknown): Click | null {
  if (!isRecord(payload) || payload.type !== "block_actions" || !Array.isArray(payload.actions)) return null;
  const [action] = payload.actions as unknown[];
  const { user, channel } = payload;
  if (!isRecord(action) || !isRecord(user) || typeof user.id !== "string") return null;
  if (action.action_id !== actions.allow && action.action_id !== actions.deny) return null;
  const name = [user.username, user.name].find((one) => typeof one === "string" && one !== "");
  return {
    user: { id: user.id, name: String(name ?? user.id) },
    channel: isRecord(channel) && typeof channel.id === "string" ? channel.id : null,
    approved: action.action_id === actions.allow,
    value: readValue(action.value),
  };
}

function readValue(text: unknown): ButtonValue | null {
  if (typeof text !== "string") return null;
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value)) return null;
    const { session, question, seal } = value;
    if (typeof session !== "string" || typeof question !== "string" || typeof seal !== "string") return null;
    return { session, question, seal };
  } catch {
    return null;
  }
}

/**
 * Why a click answers nothing, in words for whoever clicked; null when it does. `standing`: of the question with its
 * seal, if there is one; `approvers`: those of the connection that it came over.
 */
export function refusalOf(
  { user, value }: Click,
  session: string,
  standing: Standing | undefined,
  approvers: readonly string[],
): string | null {
  if (!(standing?.approvers ?? approvers).includes(user.id)) {
    return `Nothing was changed: your Slack id ${user.id} is not among the approvers of this destination.`;
  }
  if (value === null) return "Nothing was changed: this button is none that the program has made.";
  if (value.session !== session) {
    return "Nothing was changed: this button belongs to another session. Where that one still runs, press it again: Slack hands each click to one of the programs that are connected with the same app.";
  }
  if (standing === undefined || standing.question !== value.question) {
    return "Nothing was changed: this button is not valid any more. The question was answered, or asked again in a newer message.";
  }
  return standing.answeredBy === null
    ? null
    : `Nothing was changed: ${standing.answeredBy} has answered this question already.`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
