// Puts the pieces of tool calls together. Servers disagree on how pieces name their call: by index, by id, by both,
// with an index that is always 0, with the id or the name again in each piece, or with nothing at all.
import type { ToolCall } from "../../events.ts";
import { asCount, asObject, asText, parseJson } from "../shape.ts";
import { mendArguments, mendName } from "../tolerant.ts";

interface PartialCall {
  id: string;
  index: number | null;
  name: string;
  text: string;
}

/** The calls of a reply as far as they have come. */
export interface CallPieces {
  push(piece: unknown): void;
  calls(tools: readonly string[]): ToolCall[];
}

/** Makes an empty list of calls. */
export function createCallPieces(): CallPieces {
  const open: PartialCall[] = [];

  function begin(id: string, index: number | null): PartialCall {
    const call: PartialCall = { id, index, name: "", text: "" };
    open.push(call);
    return call;
  }

  /** The call that a piece belongs to. */
  function owner(id: string, index: number | null, isWhole: boolean): PartialCall {
    const sameIndex = index === null ? open.at(-1) : open.findLast((call) => call.index === index);
    if (id !== "") {
      const known = open.findLast((call) => call.id === id);
      if (known !== undefined) return known;
      if (sameIndex !== undefined && sameIndex.id === "" && !(isWhole && isComplete(sameIndex))) {
        sameIndex.id = id;
        return sameIndex;
      }
      return begin(id, index);
    }
    // Without an id, a piece with a name and arguments after a call that is complete is the next call.
    if (sameIndex === undefined || (isWhole && isComplete(sameIndex))) return begin("", index);
    return sameIndex;
  }

  return {
    push(value) {
      const piece = asObject(value);
      if (piece === null) return;
      const body = asObject(piece.function) ?? piece;
      const name = asText(body.name);
      const args = typeof body.arguments === "string" ? body.arguments : objectText(body.arguments);
      const call = owner(asText(piece.id), asCount(piece.index), name !== "" && args !== "");
      if (name !== call.name) call.name += name;
      call.text += args;
    },

    calls(tools) {
      return open
        .filter((call) => call.name !== "" || call.text !== "")
        .map(({ id, name, text }) => ({ id, tool: mendName(name, tools), arguments: mendArguments(text) }));
    },
  };
}

function isComplete(call: PartialCall): boolean {
  return call.name !== "" && asObject(parseJson(call.text)) !== null;
}

function objectText(value: unknown): string {
  return value === undefined || value === null ? "" : JSON.stringify(value);
}
