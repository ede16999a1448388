// The input line as a whole: the text, what was sent before, the search in it, the list of completions, and the messages
// that wait. What is typed and what is commanded goes in; the next state comes out, and what others have to do.
import { emptyFragment, type Fragment, fragmentOf, isEmpty, labelled, textOf } from "./atoms.ts";
import { between } from "./buffer.ts";
import { type CandidateSource, type Completion, completionAt } from "./completion.ts";
import { edit, editorWith } from "./edit.ts";
import { goTo, type History, historyOf, remember } from "./history.ts";
import { type Search, searchFor } from "./search.ts";
import { type Edit, type Editor, emptyEditor } from "./state.ts";

/** Everything about the input. Plain data that is never changed. */
export interface Input {
  readonly editor: Editor;
  readonly history: History;
  /** The search that is going on, and what stood in the input before it; null: none. */
  readonly search: { readonly state: Search; readonly before: Editor } | null;
  /** The open list of completions; null: none. */
  readonly completion: Completion | null;
  /** The list was closed for the name that begins here, and stays closed as long as it is being typed. */
  readonly dismissed: { readonly line: number; readonly column: number } | null;
}

/** A message to be sent. */
export interface Message {
  /** What is sent: pastes in full. */
  readonly text: string;
  /** What is shown of it: pastes as labels. */
  readonly label: string;
  /** For the history file. */
  readonly fragment: Fragment;
}

/** An input in which nothing stands, with what was sent in earlier sessions, oldest first. */
export function createInput(messages: readonly Fragment[] = []): Input {
  return {
    editor: emptyEditor,
    history: historyOf(messages),
    search: null,
    completion: null,
    dismissed: null,
  };
}

/** A key context of the input. `input-filled` and `input-empty` say which of the two it is. */
export type InputContext = "search" | "completion" | "input-empty" | "input-filled" | "input";

/** The key contexts that the input is in, innermost first. In a search, keys of editing take over what was found. */
export function contextsOf({ editor, search, completion }: Input): InputContext[] {
  const whole: InputContext[] = [isEmpty(editor.lines) ? "input-empty" : "input-filled", "input"];
  if (search !== null) return ["search", "input"];
  return completion === null ? whole : ["completion", ...whole];
}

/** Takes what was typed: into the search while there is one, else into the text. */
export function typeText(input: Input, text: string, source: CandidateSource): Input {
  if (input.search === null) return edited(input, { kind: "insert", text }, source);
  return searched(input, input.search.state.query + text);
}

/** Takes what was pasted. A search ends with what it has found. */
export function pasteText(input: Input, text: string, source: CandidateSource): Input {
  return edited(input, { kind: "paste", text }, source);
}

/**
 * Does one step of editing, and opens, updates or closes the list of completions after it. A search ends with what it
 * has found: that is what is edited.
 */
export function edited(before: Input, step: Edit, source: CandidateSource): Input {
  const input = keepFound(before);
  const editor = edit(input.editor, step);
  const changed = editor.lines !== input.editor.lines;
  // The list opens for what is being typed, not for what the caret passes over.
  if (!changed && input.completion === null) return { ...input, editor };
  return completed({ ...input, editor }, source);
}

/** The input with the list of completions as it should be by now: when names have come in, or the text was changed. */
export function completed(input: Input, source: CandidateSource): Input {
  const { editor, dismissed } = input;
  const completion = completionAt(editor.lines, editor.caret, source);
  const start = completion?.mention.range.from ?? null;
  if (start === null) return { ...input, completion: null, dismissed: null };
  if (dismissed?.line === start.line && dismissed.column === start.column) return { ...input, completion: null };
  return { ...input, completion, dismissed: null };
}

/** Searches what was sent before for a text; what was found stands in the input. */
export function searched(input: Input, query: string): Input {
  const before = input.search?.before ?? input.editor;
  return shownSearch(input, searchFor(input.history.messages, query), before);
}

/** The input while a search stands as it does. */
export function shownSearch(input: Input, state: Search, before: Editor): Input {
  const found = state.at === null ? null : input.history.messages[state.at];
  const editor = found === undefined || found === null ? before : editorWith(found, before);
  return { ...input, completion: null, dismissed: null, search: { state, before }, editor };
}

/** Ends a search with what it has found in the input, and going back through the history begins there. */
export function keepFound(input: Input): Input {
  if (input.search === null) return input;
  const { state, before } = input.search;
  if (state.at === null) return { ...input, search: null };
  const { history } = goTo(input.history, before.lines, state.at);
  return { ...input, history, search: null };
}

/** Puts a text into the input in place of what stands there, as an external editor does. One step of undo. */
export function replaceText(input: Input, text: string): Input {
  const lines = input.editor.lines;
  const last = lines.length - 1;
  const range = between({ line: 0, column: 0 }, { line: last, column: lines[last]?.length ?? 0 });
  const editor = edit(input.editor, { kind: "replace", range, fragment: fragmentOf(text) });
  return { ...input, editor, completion: null, search: null };
}

/** What stands in the input as a message, and the input after it was sent; null: there is nothing to send. */
export function takeMessage(input: Input): { input: Input; message: Message } | null {
  const { lines } = input.editor;
  const message = messageOf(lines);
  if (message.text.trim() === "") return null;
  return {
    message,
    input: {
      ...input,
      editor: editorWith(emptyFragment, input.editor),
      history: remember(input.history, lines),
      completion: null,
      dismissed: null,
      search: null,
    },
  };
}

/** A fragment as a message. */
export function messageOf(fragment: Fragment): Message {
  return { text: textOf(fragment), label: labelled(fragment), fragment };
}
