// A call that waits for an approval, as lines: what, why, at what price, what it would do, and which answers there are.
import type { Access } from "../../../actors/events.ts";
import type { PolicyRule } from "../../../actors/policy.ts";
import { neutralise, oneLine } from "../../text/neutralise.ts";
import type { Style } from "../../text/style.ts";
import type { Question } from "../types.ts";
import type { Offer } from "./answer.ts";
import { dollars } from "./figures.ts";

const widest = 400;

/** How a question is shown. `lines`: the most lines of what it would do; null: all of them. */
export interface Look {
  style: Style;
  lines: number | null;
  offer: Offer;
  /** Questions that wait, this one among them. */
  waiting: number;
}

/** The question, ended by the line with the answers. */
export function questionLines(question: Question, look: Look): string {
  const { style, offer, waiting } = look;
  const more = waiting > 1 ? ` (1 of ${waiting})` : "";
  const lines = [`${style.yellow("?")} ${style.bold(oneLine(question.title, 200))}${more}`];
  lines.push(`  why: ${oneLine(question.reason, widest)}`);
  if (question.source !== undefined) {
    lines.push(style.yellow(`  the wish may come from ${oneLine(question.source, 160)}, which nobody vouches for`));
  }
  const price = priceOf(question.touches ?? []);
  if (price !== null) lines.push(`  cost: ${price}`);
  lines.push(...preview(question, look));
  if (question.always === true) lines.push(style.dim("  this is asked about each time"));
  const edit = offer.edit ? "  [e] edit" : "";
  const session = offer.session ? "  [s] this session" : "";
  if (offer.session && question.session_rule !== undefined) {
    lines.push(`  [s] adds a rule until you leave: ${ruleWords(question.session_rule)}`);
  }
  lines.push(`  [y] once${session}  [n] no${edit}  [v] all of it  [text] no, and the model reads it`);
  return `${lines.join("\n")}\n`;
}

function preview(question: Question, { style, lines: most }: Look): string[] {
  const text = question.preview?.text ?? JSON.stringify(question.arguments, null, 2);
  const all = neutralise(text.trimEnd()).split("\n");
  const shown = most === null ? all : all.slice(0, most);
  const left = all.length - shown.length;
  const painted = shown.map((line) => `  │ ${paint(cut(line, most), question, style)}`);
  return left > 0 ? [...painted, style.dim(`  │ … ${left} more lines; v shows all`)] : painted;
}

function cut(line: string, most: number | null): string {
  if (most === null || line.length <= widest) return line;
  return `${line.slice(0, widest)}… ${line.length - widest} more characters; v shows all`;
}

function paint(line: string, { preview: shown }: Question, style: Style): string {
  if (shown?.kind !== "diff") return line;
  if (line.startsWith("+")) return style.green(line);
  return line.startsWith("-") ? style.red(line) : line;
}

function priceOf(touches: readonly Access[]): string | null {
  const spends = touches.filter((access) => access.kind === "spend");
  if (spends.length === 0) return null;
  return spends
    .map(({ usd, payer }) => {
      const sum = usd === null ? "nobody knows how much" : `up to ${dollars(usd)}`;
      return payer === undefined ? sum : `${sum}, charged to ${oneLine(payer, 80)}`;
    })
    .join("; ");
}

/** A rule of the policy in one line. */
export function ruleWords(rule: PolicyRule): string {
  const { verdict, tool, access, path, host, found, what, target, arguments: args } = rule;
  const { over_usd, up_to_usd, tainted } = rule;
  const parts = [
    verdict,
    ...(tool === undefined ? [] : [tool]),
    ...(access === undefined || access === tool ? [] : [`to ${access}`]),
    ...(what === undefined ? [] : [what]),
    ...(target === undefined ? [] : [`${access === "delete" ? "from" : "to"} ${target}`]),
    ...(path === undefined ? [] : [`in ${path}`]),
    ...(host === undefined ? [] : [`at ${host}`]),
    ...(found === undefined ? [] : ["where you or a search named the page"]),
    ...(over_usd === undefined ? [] : [`above ${dollars(over_usd)}`]),
    ...(up_to_usd === undefined ? [] : [`up to ${dollars(up_to_usd)}`]),
    ...(tainted === undefined ? [] : ["after text from outside"]),
    ...Object.entries(args ?? {}).map(([name, pattern]) => `with ${name} ${pattern}`),
  ];
  return oneLine(parts.join(" "), 200);
}
