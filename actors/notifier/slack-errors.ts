// What Slack's failures mean. Slack answers a refusal with status 200 and a code.
import type { Failed } from "./errors.ts";
import type { NotifyErrorCode } from "./protocol.ts";

const newToken = "Put a valid bot token (xoxb-…) into the configuration or into SLACK_BOT_TOKEN.";
const retriable = "Slack has trouble of its own; it is tried again by itself.";

type Known = [code: NotifyErrorCode, hint: string];

const refusals: Record<string, Known> = {
  not_authed: ["NOTIFY_UNAUTHORIZED", newToken],
  invalid_auth: ["NOTIFY_UNAUTHORIZED", newToken],
  account_inactive: ["NOTIFY_UNAUTHORIZED", newToken],
  token_revoked: ["NOTIFY_UNAUTHORIZED", newToken],
  token_expired: ["NOTIFY_UNAUTHORIZED", newToken],
  not_allowed_token_type: ["NOTIFY_UNAUTHORIZED", newToken],
  missing_scope: ["NOTIFY_FORBIDDEN", "Give the Slack app this scope and install it in the workspace again."],
  restricted_action: ["NOTIFY_FORBIDDEN", "An administrator of the workspace has to allow the app to post there."],
  access_denied: ["NOTIFY_FORBIDDEN", "An administrator of the workspace has to allow the app to post there."],
  channel_not_found: [
    "NOTIFY_CHANNEL_NOT_FOUND",
    "Use the channel's id (C…), and invite the app into it when it is private.",
  ],
  not_in_channel: ["NOTIFY_NOT_IN_CHANNEL", "Invite the app into the channel: /invite @the-app."],
  is_archived: ["NOTIFY_CHANNEL_ARCHIVED", "Unarchive the channel, or choose another."],
  ratelimited: ["NOTIFY_RATE_LIMITED", "Send less often."],
  rate_limited: ["NOTIFY_RATE_LIMITED", "Send less often."],
  fatal_error: ["NOTIFY_SERVER_ERROR", retriable],
  internal_error: ["NOTIFY_SERVER_ERROR", retriable],
  service_unavailable: ["NOTIFY_SERVER_ERROR", retriable],
};

const mendable: readonly NotifyErrorCode[] = ["NOTIFY_RATE_LIMITED", "NOTIFY_SERVER_ERROR"];

/** What an answer with `ok: false` means. `needed` is the scope that Slack misses, `what` is what it refuses. */
export function slackRefusal(host: string, error: unknown, needed: unknown, what = "the message"): Failed {
  // The client puts the text of an answer that is no JSON in the place of the code.
  if (typeof error !== "string" || !/^[a-z][a-z0-9_-]*$/.test(error)) {
    return {
      code: "NOTIFY_BAD_RESPONSE",
      message: `${host} did not answer as Slack does.`,
      hint: "Check SLACK_API_URL.",
      isRetriable: true,
    };
  }
  const [code, hint] = refusals[error] ?? ["NOTIFY_REFUSED", "See Slack's documentation of chat.postMessage."];
  const scope = error === "missing_scope" && typeof needed === "string" ? ` (${needed})` : "";
  return {
    code,
    message: `Slack refused ${what}: ${error}${scope}.`,
    hint,
    isRetriable: mendable.includes(code),
  };
}
