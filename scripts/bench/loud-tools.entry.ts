// The tools actor that talks too much, as the specs have it.
export { default } from "../../spec/support/loud-tools.entry.ts";
