// The tools as models see them. The build evaluates this module and keeps the result beside the bundle, so that the first
// request to a model need not wait for the executor's thread.
import type { ToolSpec } from "../llm/protocol.ts";
import { catalogue } from "./catalogue.ts";
import { jsonSchemaOf } from "./schema.ts";

/** All tools in their fixed order: the same bytes each time. */
export default catalogue.map(
  (tool): ToolSpec => ({ name: tool.name, description: tool.description, parameters: jsonSchemaOf(tool.input) }),
);
