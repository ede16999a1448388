// The operations of an OpenAPI document, each with what a caller needs to know of it. Pure.
import { asList, asObject, asObjects, asText } from "../../shape.ts";
import { oneLine } from "../cap.ts";
import { lineOf } from "../markdown/clean.ts";
import { exampleOf, resolved, shortSchema } from "./api-schema.ts";

type Json = Record<string, unknown>;

/** A parameter. */
export interface ApiParameter {
  name: string;
  /** `path`, `query`, `header` or `cookie`. */
  in: string;
  required: boolean;
  type: string;
  about: string;
}

/** An operation. */
export interface ApiOperation {
  method: string;
  path: string;
  id: string;
  summary: string;
  about: string;
  tags: string[];
  parameters: ApiParameter[];
  /** The body that it takes, in short; empty when it takes none. */
  body: string;
  /** What it answers when it succeeds, in short; empty when that is not stated. */
  answer: string;
  /** How one gets at further pages; empty when there are none. */
  paging: string;
  needsToken: boolean;
  /** A call of it, without a token. */
  curl: string;
}

const methods = ["get", "post", "put", "patch", "delete", "head"];
const schemaChars = { body: 900, answer: 500 };

function words(value: unknown, length: number): string {
  return lineOf(asText(value), length);
}

/** All operations of a document, in its order. `server`: where the API is. */
export function operationsOf(document: Json, server: string): ApiOperation[] {
  return Object.entries(asObject(document.paths) ?? {}).flatMap(([path, value]) => {
    const item = resolved(value, document);
    if (item === null) return [];
    return methods.flatMap((method): ApiOperation[] => {
      const operation = asObject(item[method]);
      return operation === null ? [] : [operationOf(method, path, operation, item, document, server)];
    });
  });
}

function operationOf(
  method: string,
  path: string,
  operation: Json,
  item: Json,
  document: Json,
  server: string,
): ApiOperation {
  const declared = [...asList(item.parameters), ...asList(operation.parameters)].flatMap((each): Json[] => {
    const parameter = resolved(each, document);
    return parameter === null ? [] : [parameter];
  });
  const parameters = declared.map((each) => parameterOf(each, document));
  const media = Object.entries(asObject(resolved(operation.requestBody, document)?.content) ?? {});
  const [type, content] = media.find(([name]) => /json/.test(name)) ?? media[0] ?? [];
  const schema = asObject(content)?.schema;
  const success = Object.entries(asObject(operation.responses) ?? {}).find(([status]) => /^2/.test(status));
  const response = resolved(success?.[1], document);
  const [answer] = Object.values(asObject(response?.content) ?? {});
  const isJson = type === undefined || /json/.test(type);
  return {
    method: method.toUpperCase(),
    path,
    id: words(operation.operationId, 120),
    summary: words(operation.summary, 200),
    about: words(operation.description, 400),
    tags: asList(operation.tags).map((tag) => words(tag, 60)),
    parameters,
    body:
      type === undefined
        ? ""
        : oneLine(`${isJson ? "" : `${type}: `}${shortSchema(schema, document)}`, schemaChars.body),
    answer: answer === undefined ? "" : oneLine(shortSchema(asObject(answer)?.schema, document), schemaChars.answer),
    paging: pagingOf(parameters, response),
    needsToken: needsToken(operation.security ?? document.security),
    curl: curlOf(
      method.toUpperCase(),
      path,
      declared,
      isJson && type !== undefined ? exampleOf(schema, document) : undefined,
      document,
      server,
    ),
  };
}

function parameterOf(parameter: Json, document: Json): ApiParameter {
  return {
    name: words(parameter.name, 80),
    in: words(parameter.in, 10),
    required: parameter.required === true,
    type: oneLine(shortSchema(parameter.schema, document), 200),
    about: words(parameter.description, 160),
  };
}

function pagingOf(parameters: readonly ApiParameter[], response: Json | null): string {
  const link = Object.keys(asObject(response?.headers) ?? {}).some((name) => name.toLowerCase() === "link");
  const names = parameters
    .filter(({ name }) => /^(?:cursor|limit|p|page|offset|skip|pagesize)$/i.test(name))
    .map(({ name }) => name);
  if (link || names.includes("cursor"))
    return `the Link header (rel="next") names the next page${names.length > 0 ? `; ${names.join(", ")}` : ""}`;
  return names.length > 0 ? names.join(", ") : "";
}

/** Whether no way is open to those without a key. */
function needsToken(security: unknown): boolean {
  const ways = asObjects(security);
  return ways.length > 0 && ways.every((way) => Object.keys(way).length > 0);
}

/** A call as one would type it. What stands in angle brackets is to be filled in. */
function curlOf(
  method: string,
  path: string,
  parameters: readonly Json[],
  body: unknown,
  document: Json,
  server: string,
): string {
  const given = new Map(parameters.map((each) => [asText(each.name), each]));
  const stated = (parameter: Json | undefined): string | null => {
    const value = parameter?.example ?? asObject(parameter?.schema)?.example;
    return typeof value === "string" || typeof value === "number" ? String(value) : null;
  };
  const filled = path.replace(/\{([^}]*)\}/g, (_, name: string) => {
    const example = stated(given.get(name));
    return example === null ? `<${name}>` : encodeURI(example);
  });
  const query = parameters
    .filter((each) => each.in === "query" && each.required === true)
    .map(
      (each) => `${asText(each.name)}=${encodeURIComponent(stated(each) ?? String(exampleOf(each.schema, document)))}`,
    );
  const url = `${server}${filled}${query.length > 0 ? `?${query.join("&")}` : ""}`;
  const verb = method === "GET" ? "" : ` -X ${method}`;
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const data =
    body === undefined ? "" : ` -H 'Content-Type: application/json' -d ${quoted(JSON.stringify(body).slice(0, 600))}`;
  return `curl -s${verb} ${quoted(url)}${data}`;
}
