// The collections that hold a paper.
import { linkedCollections } from "../sources/linked.ts";
import { listLinked } from "./linked.ts";
import type { Operation } from "./operation.ts";

/** Lists them. */
export const findCollections: Operation = (args, desk) => listLinked(args, desk, "collections", linkedCollections);
