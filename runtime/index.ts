export { codeOf, RuntimeError, type RuntimeErrorCode } from "./actor/errors.ts";
export type * from "./actor/types.ts";
export type * from "./bus/types.ts";
export type * from "./journal/types.ts";
