// What people said: descriptions, comments, reviews and remarks on lines, shown alike.
import { facts, lineOf, minuteOf } from "./words.ts";

/** Something that somebody said. */
export interface Said {
  author: string;
  at: string;
  /** What GitHub knows of who it is (`OWNER`, `MEMBER`, `CONTRIBUTOR`, …), what it is about, or empty. */
  about: string;
  text: string;
}

/** It as it is read. */
export const saidLines = ({ author, at: when, about, text }: Said): string[] => [
  `--- ${facts(author, minuteOf(when), about)}`,
  ...(text === "" ? [] : [text]),
];

/** Who somebody is to the repository, where it says anything. */
export function roleOf(row: Record<string, unknown>): string {
  const role = lineOf(row.author_association, 30).toLowerCase().replaceAll("_", " ");
  return role === "none" ? "" : role;
}
