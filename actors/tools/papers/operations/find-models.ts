// The models that name a paper.
import { linkedRepos } from "../sources/linked.ts";
import { listLinked } from "./linked.ts";
import type { Operation } from "./operation.ts";

/** Lists them. */
export const findModels: Operation = (args, desk) =>
  listLinked(args, desk, "models", (at, id, order, window) => linkedRepos(at, "models", id, order, window));
