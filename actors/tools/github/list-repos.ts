// The tool that lists an owner's repositories on GitHub.
import * as z from "zod/mini";
import { defineTool } from "../contract.ts";
import { fromOutside } from "../outside.ts";

const input = z.strictObject({
  owner: z.string().check(z.describe("An organisation or a user.")),
  owner_type: z.optional(z.enum(["org", "user"]).check(z.describe("Found out where it is not given."))),
  sort: z.optional(z.enum(["stars", "forks", "updated", "created"]).check(z.describe("Default stars."))),
  order: z.optional(z.enum(["desc", "asc"]).check(z.describe("Default desc."))),
  query: z.optional(z.string().check(z.describe("Words in name, description or topics."))),
  limit: z.optional(z.int().check(z.describe("1 to 100. Default 30."))),
  offset: z.optional(z.int().check(z.describe("Where to go on, as the answer before said."))),
});

/** The arguments of a call. */
export type ListReposArgs = z.infer<typeof input>;

/** Lists repositories. */
export const githubListRepos = defineTool<ListReposArgs>({
  name: "github_list_repos",
  description: [
    "Lists the public repositories of an organisation or a user on GitHub, sorted over all of them by stars, forks, last update or creation, with language, topics and whether they are archived.",
    "Use it to find which library of an owner does what you need, then github_find_examples. Answers with 30 unless limit says otherwise, and says how many there are.",
  ].join(" "),
  input,
  onCrash: "pure",
  touches: (_, { door }) => [{ kind: "network", host: new URL(door.services.github).host }],
  title: ({ owner, query, sort = "stars" }) =>
    `List repositories of ${owner}${query ? ` with ${query}` : ""} by ${sort}`,
  timeoutMs: () => 90_000,

  async run(args, context) {
    const { listRepos } = await import("./list.ts");
    return fromOutside("github.com", context.signal, () => listRepos(args, context));
  },
});
