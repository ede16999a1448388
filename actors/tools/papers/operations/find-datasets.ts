// The datasets that name a paper.
import { linkedRepos } from "../sources/linked.ts";
import { listLinked } from "./linked.ts";
import type { Operation } from "./operation.ts";

/** Lists them. */
export const findDatasets: Operation = (args, desk) =>
  listLinked(args, desk, "datasets", (at, id, order, window) => linkedRepos(at, "datasets", id, order, window));
