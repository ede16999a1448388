import { expect } from "chai";
import type { Json } from "../../actors/events.ts";
import { shippedConfig } from "../../tui/config/load.ts";
import { messagingArgs, messagingNotice } from "../../tui/config/messaging.ts";
import type { FrontError } from "../../tui/errors.ts";

const all = ["approval_required", "error", "turn_complete", "session_terminated", "hf_job_complete"];
const team = { provider: "slack", token: "xoxb-1", channel: "C1", allow_auto_events: true };
const file = (messaging: Json) => ({ messaging });
const keys = { slack_bot_token: "xoxb-env", slack_channel_id: "C9" };

function fault(config: Parameters<typeof messagingArgs>[0], env: Record<string, string> = {}): string {
  try {
    messagingArgs(config, env);
  } catch (error) {
    expect((error as FrontError).code).to.equal("MESSAGING_INVALID");
    expect((error as FrontError).exitCode).to.equal(2);
    return (error as FrontError).message;
  }
  return "no fault";
}

describe("messaging: configuration", () => {
  it("is off as shipped, and where a file leaves it off", () => {
    expect(messagingArgs(shippedConfig().values, {})).to.equal(null);
    expect(messagingArgs(file({ enabled: false, destinations: { team } }), {})).to.equal(null);
  });

  it("has a file's destinations, closed to whom nothing is said of", () => {
    const hook = { provider: "webhook", url: "https://h.example/x", token: "t", allow_agent_tool: "true" };
    expect(messagingArgs(file({ enabled: true, destinations: { team, "my.hook-1_": hook } }), {})).to.deep.equal({
      autoEvents: all,
      destinations: {
        team: {
          provider: "slack",
          token: "xoxb-1",
          channel: "C1",
          apiUrl: "https://slack.com/api/",
          username: null,
          iconEmoji: null,
          answers: null,
          allowAgentTool: false,
          allowAutoEvents: true,
        },
        "my.hook-1_": {
          provider: "webhook",
          url: "https://h.example/x",
          token: "t",
          allowAgentTool: true,
          allowAutoEvents: false,
        },
      },
    });
  });

  it("takes a list of events, each once, or none", () => {
    const events = (auto_event_types: Json, env = {}) =>
      messagingArgs(file({ enabled: true, auto_event_types, destinations: { team } }), env)?.autoEvents;
    expect(events(["error", "turn_complete", "error"])).to.deep.equal(["error", "turn_complete"]);
    expect(events([])).to.deep.equal([]);
    expect(events(["error"], { ML_INTERN_SLACK_AUTO_EVENTS: "turn_complete, session_terminated" })).to.deep.equal([
      "turn_complete",
      "session_terminated",
    ]);
  });

  it("lets those answer questions who are named, each once, and nobody where nobody is", () => {
    const answersOf = (more: object) => {
      const destinations = { team: { ...team, ...more } };
      const found = messagingArgs(file({ enabled: true, destinations }), {})?.destinations.team;
      return found?.provider === "slack" ? found.answers : "none";
    };
    expect(answersOf({ app_token: "xapp-1-A", approvers: ["UADA", "W2", "UADA"] })).to.deep.equal({
      appToken: "xapp-1-A",
      approvers: ["UADA", "W2"],
    });
    expect(answersOf({ app_token: "xapp-1-A", approvers: [] })).to.equal(null);
    expect(answersOf({})).to.equal(null);
    const destinations = { team: { ...team, app_token: "xapp-1-A", approvers: ["UADA"] } };
    const args = messagingArgs(file({ enabled: true, destinations }), {});
    expect(args && messagingNotice(args)).to.equal("Messages go to team (events and questions).");
  });

  const wrong: [string, Json, RegExp][] = [
    ["no object", true, /^"messaging" must be/],
    ["enabled without a destination", { enabled: true }, /^"messaging.enabled" .* no destination/],
    [
      "a misspelt switch, which would leave it off",
      { enable: true, destinations: { team } },
      /^"messaging.enable" is no/,
    ],
    ["a name with a space", { enabled: true, destinations: { "My team": team } }, /destinations\.My team" has a name/],
    ["no token", { enabled: true, destinations: { team: { ...team, token: "" } } }, /team\.token" is missing/],
    ["no channel", { enabled: true, destinations: { team: { token: "x" } } }, /team\.channel" is missing/],
    ["another provider", { enabled: true, destinations: { team: { provider: "fax" } } }, /team\.provider" must be/],
    ["a misspelt key", { enabled: true, destinations: { team: { ...team, chanel: "x" } } }, /team\.chanel" is no/],
    [
      "a webhook that is no address",
      { enabled: true, destinations: { w: { provider: "webhook", url: "file:///x" } } },
      /w\.url" is no http/,
    ],
    [
      "a permission that is no truth value",
      { enabled: true, destinations: { team: { ...team, allow_agent_tool: "maybe" } } },
      /team\.allow_agent_tool" must be true or false/,
    ],
    [
      "another event",
      { enabled: true, auto_event_types: ["tool_call"], destinations: { team } },
      /auto_event_types" has "tool_call"/,
    ],
  ];
  const withAnswers = (more: object) => ({ enabled: true, destinations: { team: { ...team, ...more } } });
  wrong.push(
    ["an app token without approvers", withAnswers({ app_token: "xapp-1" }), /team\.app_token" has no use without/],
    ["approvers without an app token", withAnswers({ approvers: ["U1"] }), /team\.app_token" is missing/],
    ["a bot's token for the app's", withAnswers({ app_token: "xoxb-1", approvers: ["U1"] }), /is no app-level token/],
    ["approvers by name", withAnswers({ app_token: "xapp-1", approvers: ["@ada"] }), /approvers" has "@ada", which is/],
    ["approvers as a text", withAnswers({ app_token: "xapp-1", approvers: "U1" }), /approvers" must be a list/],
    [
      "approvers of a webhook",
      { enabled: true, destinations: { w: { provider: "webhook", url: "https://h.example", approvers: ["U1"] } } },
      /w\.approvers" is no known key/,
    ],
  );
  for (const [what, messaging, message] of wrong) {
    it(`refuses ${what}, naming the key`, () => {
      expect(fault(file(messaging))).to.match(message);
    });
  }

  it("never repeats a webhook's address", () => {
    const destinations = { w: { provider: "webhook", url: "ftp://s3cret" } };
    expect(fault(file({ enabled: true, destinations }))).not.to.include("s3cret");
  });
});

describe("messaging: environment", () => {
  it("makes a destination of a token and a channel, open to both, at another address where there is one", () => {
    const { destinations } = messagingArgs({ ...keys, slack_api_url: "http://127.0.0.1:9/api" }, {}) ?? {};
    expect(destinations?.["slack.default"]).to.deep.include({
      token: "xoxb-env",
      channel: "C9",
      apiUrl: "http://127.0.0.1:9/api/",
      allowAgentTool: true,
      allowAutoEvents: true,
    });
    expect(messagingArgs({ slack_bot_token: "x" }, {})).to.equal(null);
    expect(messagingArgs({ slack_channel_id: "x" }, {})).to.equal(null);
  });

  it("can switch it off, name it and close it", () => {
    for (const off of ["0", "false", "No", "off"]) {
      expect(messagingArgs(keys, { ML_INTERN_SLACK_NOTIFICATIONS: off }), off).to.equal(null);
    }
    expect(messagingArgs(keys, { ML_INTERN_SLACK_NOTIFICATIONS: "perhaps" })).not.to.equal(null);
    const env = {
      ML_INTERN_SLACK_DESTINATION: "team",
      ML_INTERN_SLACK_ALLOW_AGENT_TOOL: "0",
      ML_INTERN_SLACK_ALLOW_AUTO_EVENTS: "off",
    };
    expect(messagingArgs(keys, env)?.destinations.team).to.include({ allowAgentTool: false, allowAutoEvents: false });
    expect(fault(keys, { ML_INTERN_SLACK_DESTINATION: "My Team" })).to.include("ML_INTERN_SLACK_DESTINATION");
    expect(fault(keys, { ML_INTERN_SLACK_AUTO_EVENTS: "error,all" })).to.include("ML_INTERN_SLACK_AUTO_EVENTS");
    expect(fault({ ...keys, slack_api_url: "slack.com" })).to.include("SLACK_API_URL");
  });

  it("keeps a destination of the same name that a file has, and opens no other one of a file that is off", () => {
    const destinations = { "slack.default": { ...team, username: "Intern" }, other: team };
    const both = messagingArgs({ ...keys, ...file({ enabled: true, destinations }) }, {});
    expect(Object.keys(both?.destinations ?? {})).to.deep.equal(["slack.default", "other"]);
    expect(both?.destinations["slack.default"]).to.include({ token: "xoxb-1", username: "Intern" });
    const one = messagingArgs({ ...keys, ...file({ enabled: false, destinations }) }, {});
    expect(Object.keys(one?.destinations ?? {})).to.deep.equal(["slack.default"]);
  });

  it("is told to people", () => {
    const found = messagingArgs(
      { ...keys, ...file({ enabled: true, destinations: { shut: { ...team, allow_auto_events: false } } }) },
      {},
    );
    expect(found === null ? "" : messagingNotice(found)).to.equal(
      "Messages go to shut (nothing is allowed), slack.default (events and the agent).",
    );
  });
});
