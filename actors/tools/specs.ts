// The tools as models see them. The build evaluates this module and keeps the result beside the bundle, so that the first
// request to a model need not wait for the executor's thread.
import type { ToolSpec } from "../llm/protocol.ts";
import { catalogue } from "./catalogue.ts";
import { jsonSchemaOf } from "./schema.ts";

/** A tool as models see it; one that is `conditional` is shown in runs that offer it only. */
export type CatalogueSpec = ToolSpec & { conditional?: true };

/** All tools in their fixed order: the same bytes each time. */
export default catalogue.map(
  ({ name, description, input, conditional }): CatalogueSpec => ({
    name,
    description,
    parameters: jsonSchemaOf(input),
    ...(conditional === true ? { conditional } : {}),
  }),
);
