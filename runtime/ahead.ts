// What can be begun before there is a system; this loads nothing of it.
export { beginSpare } from "./place/spare.ts";
