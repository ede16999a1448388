// Slack's client for Socket Mode, in a file of its own: it brings a whole HTTP client along, and is loaded with the first
// question.
import { SocketModeClient } from "@slack/socket-mode";

/** Slack's client lets a message that it cannot read throw where nobody can catch it; here it is passed over. */
export class SocketClient extends SocketModeClient {
  protected override async onWebSocketMessage(data: string | ArrayBuffer, isBinary: boolean): Promise<void> {
    await super.onWebSocketMessage(data, isBinary).catch(() => undefined);
  }
}
