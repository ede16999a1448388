// Puts the pieces of tool calls together. Servers disagree on how pieces name their call: by index, by id, by both,
// with an index that is always 0, with the id or the name again in each piece, or with nothing at all.
import type { ToolCall } from "../../events.ts";
import { asCount, asObject, asText, parseJson } from "../../shape.ts";
import { mendArguments, mendName } from "../tolerant.ts";

interface PartialCall {
  id: string;
  index: number | null;
  name: string;
  text: string;
}

/** The calls of a reply as far as they have come. */
export interface CallPieces {
  /** Takes a piece; says whether there is anything in it. */
  push(piece: unknown): boolean;
  calls(tools: readonly string[]): ToolCall[];
}

/** Makes an empty list of calls. */
export function createCallPieces(): CallPieces {
  const open: PartialCall[] = [];

  function begin({ id, index }: PartialCall): PartialCall {
    const call: PartialCall = { id, index, name: "", text: "" };
    open.push(call);
    return call;
  }

  /** The call that a piece belongs to. */
  function owner(piece: PartialCall): PartialCall {
    const { id, index } = piece;
    const isWhole = piece.name !== "" && piece.text !== "";
    const sameIndex = index === null ? open.at(-1) : open.findLast((call) => call.index === index);
    if (id !== "") {
      const sameId = open.filter((call) => call.id === id);
      const known = sameId.findLast((call) => call.index === index) ?? sameId.at(-1);
      if (known !== undefined) return isAnother(known, piece) ? begin(piece) : known;
      if (sameIndex !== undefined && sameIndex.id === "" && !(isWhole && isComplete(sameIndex))) {
        sameIndex.id = id;
        return sameIndex;
      }
      return begin(piece);
    }
    // Without an id, a piece with a name and arguments after a call that is complete is the next call.
    if (sameIndex === undefined || (isWhole && isComplete(sameIndex))) return begin(piece);
    return sameIndex;
  }

  return {
    push(value) {
      const sent = asObject(value);
      if (sent === null) return false;
      const body = asObject(sent.function) ?? sent;
      const text = typeof body.arguments === "string" ? body.arguments : objectText(body.arguments);
      const piece = { id: asText(sent.id), index: asCount(sent.index), name: asText(body.name), text };
      const call = owner(piece);
      if (isRepeated(call, piece)) return false;
      if (piece.name !== call.name) call.name += piece.name;
      call.text += text;
      return piece.name !== "" || text !== "";
    },

    calls(tools) {
      return open
        .filter((call) => call.name !== "" || call.text !== "")
        .map(({ id, name, text }) => ({ id, tool: mendName(name, tools), arguments: mendArguments(text) }));
    },
  };
}

/** Whether a piece with the id of a known call begins another one: some servers give every call the same id. */
function isAnother(known: PartialCall, piece: PartialCall): boolean {
  if (piece.name === "") return false;
  const elsewhere = piece.index !== null && known.index !== null && piece.index !== known.index;
  if (elsewhere) return known.text === "" || isComplete(known);
  return piece.text !== "" && isComplete(known) && !isRepeated(known, piece);
}

/** Whether a piece is a whole call that is there already, as servers send it that end a stream with all of it again. */
function isRepeated(known: PartialCall, piece: PartialCall): boolean {
  const same = piece.id !== "" && piece.id === known.id && piece.name === known.name && piece.text === known.text;
  return same && isComplete(known);
}

function isComplete(call: PartialCall): boolean {
  return call.name !== "" && asObject(parseJson(call.text)) !== null;
}

function objectText(value: unknown): string {
  return value === undefined || value === null ? "" : JSON.stringify(value);
}
