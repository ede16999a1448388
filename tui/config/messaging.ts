// From the configuration to where messages go. The environment can name one destination of Slack by itself.
import {
  type AutoEvent,
  answersIn,
  autoEvents,
  type Destination,
  type MessagingArgs,
  type Permissions,
  type SlackAnswers,
} from "../../actors/notifier/protocol.ts";
import { FrontError } from "../errors.ts";
import { nearest } from "../text/nearest.ts";
import { isObject, type JsonObject } from "./layers.ts";
import { clean, type Environment } from "./variables.ts";

const slackApi = "https://slack.com/api/";
const namePattern = /^[a-z0-9._-]+$/;
const memberId = /^[UW][A-Z0-9]{1,30}$/;
const sectionKeys = ["enabled", "destinations", "auto_event_types"];
const permissionKeys = ["provider", "allow_agent_tool", "allow_auto_events"];
const keysOf = {
  slack: [...permissionKeys, "token", "channel", "username", "icon_emoji", "app_token", "approvers"],
  webhook: [...permissionKeys, "url", "token"],
};

/**
 * Where messages go, or null when none are wanted. A file whose `messaging.enabled` is not true keeps its own
 * destinations closed, even when the environment opens one. Throws a `FrontError` that names the key that is wrong.
 */
export function messagingArgs(config: JsonObject, env: Environment): MessagingArgs | null {
  const section = config.messaging ?? {};
  if (!isObject(section)) throw invalid("messaging", "must be an object");
  // Also where nothing is enabled: a misspelt switch would leave it off without a word.
  requireKnown(section, sectionKeys, "messaging");
  const file = section.destinations ?? {};
  if (!isObject(file)) throw invalid("messaging.destinations", "must be an object of destinations by name");
  const isEnabled = truth(section.enabled ?? false, "messaging.enabled");
  const own = environmentDestination(config, env);
  if (!isEnabled && own === null) return null;

  const open = Object.entries(file).filter(([name]) => isEnabled || name === own?.name);
  const destinations: Record<string, Destination> = Object.fromEntries(
    open.map(([name, value]) => [name, destinationOf(name, value, config)]),
  );
  if (own !== null && !Object.hasOwn(destinations, own.name)) destinations[own.name] = own.destination;
  if (Object.keys(destinations).length === 0) {
    throw invalid(
      "messaging.enabled",
      "is true, and there is no destination",
      "Add one to messaging.destinations, set SLACK_BOT_TOKEN and SLACK_CHANNEL_ID, or set it to false.",
    );
  }
  return { autoEvents: wantedEvents(section.auto_event_types, env), destinations };
}

/** One line for people about where messages will go. */
export function messagingNotice({ destinations, autoEvents: wanted }: MessagingArgs): string {
  const names = Object.entries(destinations).map(([name, destination]) => {
    const { allowAgentTool, allowAutoEvents } = destination;
    const by = [
      ...(allowAutoEvents && wanted.length > 0 ? ["events"] : []),
      ...(allowAgentTool ? ["the agent"] : []),
      ...(answersIn(destination) === null ? [] : ["questions"]),
    ];
    return `${name} (${by.length === 0 ? "nothing is allowed" : by.join(" and ")})`;
  });
  return `Messages go to ${names.join(", ")}.`;
}

function destinationOf(name: string, value: unknown, config: JsonObject): Destination {
  const at = `messaging.destinations.${name}`;
  if (!namePattern.test(name)) throw invalid(at, "has a name with other characters than a-z, 0-9, dot, _ and -");
  if (!isObject(value)) throw invalid(at, "must be an object");
  const provider = value.provider ?? "slack";
  if (provider !== "slack" && provider !== "webhook") throw invalid(`${at}.provider`, "must be slack or webhook");
  requireKnown(value, keysOf[provider], at);
  const permissions: Permissions = {
    allowAgentTool: truth(value.allow_agent_tool ?? false, `${at}.allow_agent_tool`),
    allowAutoEvents: truth(value.allow_auto_events ?? false, `${at}.allow_auto_events`),
  };
  if (provider === "webhook") {
    const url = required(value, "url", at);
    return { ...permissions, provider, url: address(url, `${at}.url`), token: optional(value, "token", at) };
  }
  return {
    ...permissions,
    provider,
    token: required(value, "token", at),
    channel: required(value, "channel", at),
    apiUrl: apiUrl(config),
    username: optional(value, "username", at),
    iconEmoji: optional(value, "icon_emoji", at),
    answers: answersOf(value, at),
  };
}

/** Who may answer questions there, or null: nobody. */
function answersOf(values: JsonObject, at: string): SlackAnswers | null {
  const appToken = optional(values, "app_token", at);
  const approvers = values.approvers ?? null;
  if (appToken === null && approvers === null) return null;
  if (approvers === null) {
    throw invalid(`${at}.app_token`, "has no use without approvers", "List the Slack ids of those who may answer.");
  }
  if (!Array.isArray(approvers)) throw invalid(`${at}.approvers`, "must be a list of Slack ids");
  for (const id of approvers) {
    if (typeof id === "string" && memberId.test(id)) continue;
    const hint = "Slack shows the id in a person's profile: Copy member ID.";
    throw invalid(`${at}.approvers`, `has ${JSON.stringify(id)}, which is no member id of Slack (U…)`, hint);
  }
  if (approvers.length === 0) return null;
  if (appToken === null) {
    const hint = "Make a token with the scope connections:write in the app's settings, and put it there.";
    throw invalid(`${at}.app_token`, "is missing, so that no approver could answer", hint);
  }
  if (!appToken.startsWith("xapp-")) {
    throw invalid(`${at}.app_token`, "is no app-level token (xapp-…)", "A bot token (xoxb-…) cannot receive answers.");
  }
  return { appToken, approvers: [...new Set(approvers as string[])] };
}

/** The destination that SLACK_BOT_TOKEN and SLACK_CHANNEL_ID make together, unless it is switched off. */
function environmentDestination(
  config: JsonObject,
  env: Environment,
): { name: string; destination: Destination } | null {
  const token = text(config.slack_bot_token);
  const channel = text(config.slack_channel_id);
  if (token === null || channel === null || !flag(env.ML_INTERN_SLACK_NOTIFICATIONS)) return null;
  const name = clean(env.ML_INTERN_SLACK_DESTINATION) ?? "slack.default";
  if (!namePattern.test(name)) {
    throw invalid("ML_INTERN_SLACK_DESTINATION", "has other characters than a-z, 0-9, dot, _ and -");
  }
  const destination: Destination = {
    provider: "slack",
    token,
    channel,
    apiUrl: apiUrl(config),
    username: null,
    iconEmoji: null,
    answers: null,
    allowAgentTool: flag(env.ML_INTERN_SLACK_ALLOW_AGENT_TOOL),
    allowAutoEvents: flag(env.ML_INTERN_SLACK_ALLOW_AUTO_EVENTS),
  };
  return { name, destination };
}

/** The environment's list, else the file's, else all; each once. */
function wantedEvents(value: unknown, env: Environment): AutoEvent[] {
  const listed = clean(env.ML_INTERN_SLACK_AUTO_EVENTS);
  const key = listed === null ? "messaging.auto_event_types" : "ML_INTERN_SLACK_AUTO_EVENTS";
  const names = listed === null ? (value ?? autoEvents) : listed.split(",").map((name) => name.trim());
  if (!Array.isArray(names)) throw invalid(key, "must be a list");
  const wanted = names.filter((name) => name !== "");
  const wrong = wanted.find((name) => !autoEvents.includes(name as AutoEvent));
  if (wrong !== undefined)
    throw invalid(key, `has ${JSON.stringify(wrong)}: only ${autoEvents.join(", ")} can be sent`);
  return [...new Set(wanted as AutoEvent[])];
}

function requireKnown(values: JsonObject, known: readonly string[], at: string): void {
  for (const key of Object.keys(values)) {
    if (known.includes(key)) continue;
    const guess = nearest(key, known);
    throw invalid(`${at}.${key}`, "is no known key", guess === null ? undefined : `Did you mean ${guess}?`);
  }
}

function apiUrl(config: JsonObject): string {
  const url = address(text(config.slack_api_url) ?? slackApi, "SLACK_API_URL");
  return url.endsWith("/") ? url : `${url}/`;
}

function address(value: string, key: string): string {
  const scheme = URL.canParse(value) ? new URL(value).protocol : "";
  if (scheme === "http:" || scheme === "https:") return value;
  throw invalid(key, "is no http(s) URL");
}

function text(value: unknown): string | null {
  return typeof value === "string" ? clean(value) : null;
}

function optional(values: JsonObject, key: string, at: string): string | null {
  const value = values[key] ?? null;
  if (value !== null && typeof value !== "string") throw invalid(`${at}.${key}`, "must be a string");
  return text(value);
}

function required(values: JsonObject, key: string, at: string): string {
  const value = optional(values, key, at);
  if (value === null) throw invalid(`${at}.${key}`, "is missing");
  return value;
}

function truth(value: unknown, key: string): boolean {
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw invalid(key, "must be true or false");
}

/** A switch in the environment; on unless it says off. */
function flag(value: string | undefined): boolean {
  return !["0", "false", "no", "off"].includes((clean(value) ?? "").toLowerCase());
}

function invalid(key: string, problem: string, hint = "Correct the configuration and start again."): FrontError {
  return new FrontError("MESSAGING_INVALID", `"${key}" ${problem}.`, hint);
}
