// The runtime, whole. Who needs only its errors or what it keeps on the disk takes errors.ts or records.ts.
export type { Escalation, Supervisor } from "./actor/supervisor.ts";
export type * from "./actor/types.ts";
export { createBus } from "./bus/bus.ts";
export type * from "./bus/types.ts";
export * from "./errors.ts";
export { combineTaps, createFileLog, type FileLogOptions } from "./log.ts";
export { createPool, type Pool, type PoolCallOptions, type PoolOptions } from "./place/pool.ts";
export * from "./records.ts";
export { createSystem, type System, type SystemOptions } from "./system.ts";
