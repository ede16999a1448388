// What a line means as the answer to a call that waits for an approval.

/** An answer. `again`: it decides nothing, for this reason. */
export type Answer =
  | { kind: "approve"; scope: "once" | "session" }
  /** `feedback` is the line as it was typed, for the model. */
  | { kind: "deny"; feedback: string | null }
  | { kind: "edit" }
  | { kind: "view" }
  | { kind: "again"; why: string };

/** What is on offer beside yes and no. */
export interface Offer {
  session: boolean;
  edit: boolean;
}

const decide = "Nothing is approved by an empty line: y, n, or words for the model.";

/** Reads an answer. Only an explicit yes approves; what is none of the letters denies, with the line as the reason. */
export function readAnswer(line: string, offer: Offer): Answer {
  switch (line.trim().toLowerCase()) {
    case "":
      return { kind: "again", why: decide };
    case "y":
    case "yes":
      return { kind: "approve", scope: "once" };
    case "s":
      if (offer.session) return { kind: "approve", scope: "session" };
      return { kind: "again", why: "This one is asked about each time: y, n, or words for the model." };
    case "n":
    case "no":
      return { kind: "deny", feedback: null };
    case "e":
      if (offer.edit) return { kind: "edit" };
      return { kind: "again", why: "There is no terminal to edit in: y, n, or words for the model." };
    case "v":
      return { kind: "view" };
    default:
      return { kind: "deny", feedback: line };
  }
}
