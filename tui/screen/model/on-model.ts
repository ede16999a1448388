// Which model answers, what is known of it, and how hard it thinks.
import { addBlock } from "./draft.ts";
import type { Handlers } from "./handlers.ts";

/** Handlers of the events around the choice of a model. */
export const onModel: Handlers<
  "model_requested" | "model_probed" | "model_rejected" | "model_changed" | "model_facts" | "effort_changed"
> = {
  model_requested(draft, { model, effort = null }, at) {
    draft.choice = { ...draft.choice, wanted: { model, effort, facts: null, since: at.ts } };
  },
  model_probed(draft, { model, facts }) {
    const { wanted } = draft.choice;
    if (wanted?.model === model) draft.choice = { ...draft.choice, wanted: { ...wanted, facts } };
  },
  model_rejected(draft, { model, ...failure }, at) {
    if (draft.choice.wanted?.model === model) draft.choice = { ...draft.choice, wanted: null };
    addBlock(draft, { kind: "note", note: { about: "model_rejected", model, failure } }, at);
  },
  model_changed(draft, { model, reason = null }, at) {
    const { wanted, effort, facts } = draft.choice;
    const isWanted = wanted?.model === model;
    draft.choice = {
      model,
      facts: isWanted ? wanted.facts : model === draft.choice.model ? facts : null,
      // What the user names at a start is newer than what they wished for in an earlier process.
      wanted: isWanted || reason === "start" ? null : wanted,
      effort: (isWanted ? wanted.effort : null) ?? effort,
    };
    addBlock(draft, { kind: "note", note: { about: "model", model, reason } }, at);
  },
  model_facts(draft, facts) {
    if (facts.model === draft.choice.model) draft.choice = { ...draft.choice, facts };
  },
  effort_changed(draft, { effort }, at) {
    draft.choice = { ...draft.choice, effort };
    addBlock(draft, { kind: "note", note: { about: "effort", effort } }, at);
  },
};
