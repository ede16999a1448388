// The parameters of github_issues.
import * as z from "zod/mini";

const says = (text: string) => z.describe(text);

/** Operations that look and change nothing. */
const reading = ["search", "get", "diff", "commits", "releases"] as const;
const writing = ["create_issue", "comment", "create_pull", "set_state"] as const;

/** What the program notes in a write when it settles it: for the person who approves, the run, and a look after a crash. */
export interface Settled {
  /** Who can read what is written. */
  visibility: "public" | "private" | "internal";
  /** What was there of that which is to be changed, as a text that differs when it has changed. */
  before: string;
  /** GitHub's time of the look, ISO 8601: what this call makes is not older. */
  at: string;
  /** The line in the text by which it is found again. */
  mark: string;
  /** What a person should know beside the text. */
  shown?: string[];
}

const schema = z.strictObject({
  operation: z.enum([...reading, ...writing]).check(says("What to do.")),
  repo: z.optional(z.string().check(says("owner/name, or an address. search: default all."))),
  number: z.optional(z.int().check(says("Of an issue or pull request."))),
  query: z.optional(z.string().check(says("Words, GitHub's qualifiers."))),
  kind: z.optional(z.enum(["issue", "pr"]).check(says("search: default issue."))),
  state: z.optional(z.enum(["open", "closed"]).check(says("search, set_state."))),
  sort: z.optional(z.enum(["created", "updated", "comments", "reactions"]).check(says("search: default best match."))),
  sha: z.optional(z.string().check(says("One commit."))),
  ref: z.optional(z.string().check(says("Whose commits; a release's tag, or latest."))),
  path: z.optional(z.string().check(says("Only this file."))),
  author: z.optional(z.string().check(says("Of commits."))),
  since: z.optional(z.string().check(says("Oldest commit's date."))),
  page: z.optional(z.int().check(says("Default 1."))),
  title: z.optional(z.string().check(says("Of what is created."))),
  body: z.optional(z.string().check(says("Markdown."))),
  head: z.optional(z.string().check(says("Branch, or user:branch."))),
  base: z.optional(z.string().check(says("Default: the main branch."))),
  draft: z.optional(z.boolean().check(says("create_pull."))),
  reason: z.optional(z.enum(["completed", "not_planned", "duplicate"]).check(says("To close an issue."))),
  settled: z.optional(z.unknown().check(says("Leave out."))),
});

/** The arguments of a call, as its schema yields them. */
export type Input = Omit<z.infer<typeof schema>, "settled"> & { settled?: Settled | undefined };
export type Operation = Input["operation"];
export type Reading = (typeof reading)[number];
export type Writing = (typeof writing)[number];

/** The parameters. What stands in `settled` is the program's own: `settle` passes over whatever a model puts there. */
export const input = schema as unknown as z.ZodMiniType<Input>;

export const isReading = (operation: Operation): operation is Reading =>
  (reading as readonly string[]).includes(operation);
