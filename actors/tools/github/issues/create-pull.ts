// `create_pull`: proposes a branch. What it would bring is looked at before, and shown to the person who approves.
import { asCount, asObjects, asText } from "../../../shape.ts";
import { ToolError } from "../../errors.ts";
import { fullName, type Repo } from "../names.ts";
import { type AnyDesk, at, needed, type Write } from "./action.ts";
import { commitLine, commitOf } from "./commits.ts";
import { baseHead } from "./diff.ts";
import { fileLine, filesOf, sumLine } from "./files.ts";
import type { Input } from "./input.ts";
import { counted } from "./words.ts";
import { bodyIn, madeOf, markIn, rowWith } from "./writes.ts";

/** Lines of commits and of files that a person sees. */
const mostLines = 20;

interface Proposal {
  /** Tells when the branch has moved. */
  stand: string;
  lines: string[];
}

/** What the branch would bring. Throws where there is no such branch, or nothing to propose. */
async function proposalOf(args: Input, desk: AnyDesk, repo: Repo): Promise<Proposal> {
  const basehead = baseHead(needed(args, "base"), needed(args, "head"));
  const { data } = await desk.about(`the comparison ${basehead} of ${fullName(repo)}`, () =>
    desk.github.rest.repos.compareCommitsWithBasehead({ ...at(repo), basehead, per_page: 100 }),
  );
  const ahead = asCount(data.ahead_by) ?? 0;
  const commits = asObjects(data.commits).map(commitOf);
  const files = filesOf(data.files);
  if (ahead === 0) {
    const message = `${args.head} has no commits that ${args.base} of ${fullName(repo)} lacks.`;
    throw new ToolError("STALE", message, "Push the branch first.");
  }
  return {
    stand: `${ahead} ${commits.at(-1)?.sha ?? ""}`,
    lines: [
      `${counted(ahead, "commit")}; ${sumLine(files)}`,
      ...commits.slice(0, mostLines).map(commitLine),
      ...(ahead > mostLines ? [`and ${ahead - mostLines} more commits`] : []),
      ...files.slice(0, mostLines).map(fileLine),
      ...(files.length > mostLines ? [`and ${files.length - mostLines} more files`] : []),
    ],
  };
}

/** The pull requests of a branch into another, newest first. */
async function pullsOf(
  args: Input,
  desk: AnyDesk,
  repo: Repo,
  state: "open" | "all",
): Promise<Record<string, unknown>[]> {
  const given = needed(args, "head");
  // Without an owner GitHub would not filter at all.
  const head = given.includes(":") ? given : `${repo.owner}:${given}`;
  const wish = { ...at(repo), state, head, base: needed(args, "base"), direction: "desc", per_page: 100 } as const;
  const { data } = await desk.about(`the pull requests of ${fullName(repo)}`, () => desk.github.rest.pulls.list(wish));
  return asObjects(data);
}

export const createPull: Write = {
  async settle(given, desk, { repo, defaultBranch }) {
    needed(given, "title");
    const args = { ...given, head: needed(given, "head").trim(), base: given.base?.trim() || defaultBranch };
    const proposal = await proposalOf(args, desk, repo);
    const [open] = await pullsOf(args, desk, repo, "open");
    if (open !== undefined) {
      const message = `The pull request #${asCount(open.number)} proposes ${args.head} already: ${asText(open.html_url)}`;
      throw new ToolError("STALE", message, "What is pushed to the branch becomes part of it.");
    }
    return { args: { head: args.head, base: args.base }, settled: { before: proposal.stand, shown: proposal.lines } };
  },
  async recheck(args, desk, repo) {
    if ((await proposalOf(args, desk, repo)).stand === args.settled?.before) return;
    const message = `${args.head} has moved since this call was checked; nothing was opened.`;
    throw new ToolError("STALE", message, "Ask again, so that what is proposed can be seen.");
  },
  async send(args, desk, repo) {
    const wish = {
      title: needed(args, "title"),
      body: bodyIn(args),
      head: needed(args, "head"),
      base: needed(args, "base"),
    };
    return madeOf((await desk.github.rest.pulls.create({ ...at(repo), ...wish, draft: args.draft === true })).data);
  },
  async found(args, desk, repo) {
    const row = await rowWith(markIn(args), (page) =>
      page === 1 ? pullsOf(args, desk, repo, "all") : Promise.resolve([]),
    );
    return row === null ? null : madeOf(row);
  },
  shown: (args) =>
    `title: ${args.title}\n${args.draft === true ? "draft, " : ""}${args.base} <- ${args.head}\n\n${bodyIn(args)}`,
  done: (args, { number }) => `Opened the ${args.draft === true ? "draft " : ""}pull request #${number}`,
};
