// A rule of the policy, as files and people write it. What it is judged against is what a tool declares that a call
// touches; how rules are weighed: actors/session/policy/.
import type { Access } from "./events.ts";

/** One rule. Every member that is given must fit; a rule with none but its verdict fits every call. */
export interface PolicyRule {
  verdict: "allow" | "ask" | "deny";
  /** A tool's name; `*` stands for any run of characters. */
  tool?: string;
  /** Arguments by name, each with a pattern of the same kind that the argument's text must match as a whole. */
  arguments?: Record<string, string>;
  /** What the call does. */
  access?: Access["kind"];
  /** This path and everything below it; `{workspace}` and `~` stand for those folders. */
  path?: string;
  /** A host name; `*.example.org` stands for every host below it. */
  host?: string;
  /**
   * Only pages whose whole address the user wrote or a web search answered, fetched with nothing sent beside it. Such an
   * allowing rule holds after untrusted text was read as well, for the address carries nothing of it.
   */
  found?: true;
  /** What is published or deleted, for rules about those. */
  what?: string;
  /**
   * What is published to or deleted from, for example a repository's `owner/name`; `*` stands for any run of characters.
   * An allowing rule of the user's that names a target holds after untrusted text was read as well: for what is
   * published there, for the user has said where it may go.
   */
  target?: string;
  /** A spending of more than so many US dollars, or of an unknown sum. */
  over_usd?: number;
  /** A spending that is known to be no more than so many US dollars. */
  up_to_usd?: number;
  /** Only once the model has read text that nobody vouches for. For rules that restrict. */
  tainted?: true;
  /** Only when somebody is there to answer, or only when nobody is. */
  mode?: "interactive" | "headless";
  /** Why, as the end of a sentence that begins with what is touched. */
  reason?: string;
}
