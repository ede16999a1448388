// The actor for MCP servers: holds the connections, keeps what was approved of each, and tells the session when what
// can be offered is something else. Servers are foreign programs: none can hold up another, or anybody who waits.
import type { BehaviourFactory } from "../../runtime/index.ts";
import { createRedactor } from "../redaction/redactor.ts";
import type { SessionProtocol } from "../session/protocol.ts";
import { createDial } from "./dial.ts";
import { McpFault } from "./errors.ts";
import { logIn } from "./login/login.ts";
import { newsOf } from "./news.ts";
import { offered } from "./offer.ts";
import { approve, readPins, writePins } from "./pins.ts";
import type { McpArgs, McpProtocol } from "./protocol.ts";
import { createHolder, type Holder } from "./server.ts";

const behaviour: BehaviourFactory<McpProtocol, McpArgs> = (args, context) => {
  const redactor = createRedactor({ secrets: args.secrets });
  const dial = createDial(args, redactor, context.signal);
  const session = context.ref<SessionProtocol>("session");
  const holders = new Map<string, Holder>(
    args.servers.map((config) => [
      config.name,
      createHolder(config, {
        dir: args.dir,
        dial,
        changed: (server, isFirst) => tell(server, isFirst),
        log: (message, fields) => context.log("info", message, fields),
      }),
    ]),
  );

  function holder(name: string): Holder {
    const found = holders.get(name);
    if (found !== undefined) return found;
    const names = [...holders.keys()].join(", ");
    const hint = names === "" ? "None is configured (mcpServers in the config)." : `There are: ${names}.`;
    throw new McpFault("MCP_UNKNOWN_SERVER", `No MCP server is named ${JSON.stringify(name.slice(0, 80))}.`, hint);
  }

  /** Tells the session what is on offer now. Without a session nobody hears it, and the files say it all the same. */
  function tell(server: string, isFirst: boolean): void {
    const notices = newsOf(holder(server).state(), isFirst);
    session.tell("tools", { tools: offered(args.dir, args.servers), notices });
  }

  async function discover(name: string): Promise<void> {
    const found = holder(name);
    const { state, trouble } = await found.look(false);
    // The server that came with the program is nothing the user has asked for: /mcp says what is wrong with it.
    if (state === "ready" || trouble === null || found.config.shipped) return;
    const notices = [`${trouble.message} ${trouble.hint}`.trim()];
    session.tell("tools", { tools: offered(args.dir, args.servers), notices });
  }

  return {
    tells: {
      discover: ({ servers }) => {
        for (const name of servers) {
          discover(name).catch((error) =>
            context.log("warn", "a look at an MCP server failed", { error: String(error) }),
          );
        }
      },
    },
    asks: {
      call: (call, message) => holder(call.server).call(call, message),
      servers: () => [...holders.values()].map((each) => each.state()),
      look: ({ server, fresh }) => holder(server).look(fresh),
      approve: ({ server, tool }) => {
        const { config } = holder(server);
        const pins = readPins(args.dir, config);
        if (pins === null) return [];
        const approved = approve(pins, tool);
        if (approved.names.length === 0) return [];
        writePins(args.dir, config, approved.pins);
        session.tell("tools", { tools: offered(args.dir, args.servers), notices: [] });
        return approved.names;
      },
      login: async ({ server }, message) => {
        const found = holder(server);
        await logIn(args, found.config, (url) => message.progress({ url }), message.signal);
        await found.look(true);
        return null;
      },
    },
    stop: async () => {
      await Promise.allSettled([...holders.values()].map((each) => each.close()));
    },
  };
};

export default behaviour;
