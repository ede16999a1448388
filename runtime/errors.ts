// The runtime's errors, for those who only have to tell them apart: this loads nothing else of it.
export { codeOf, RuntimeError, type RuntimeErrorCode } from "./actor/errors.ts";
