// What a server answers a call with, read with care: text for the model, data for scripts, images, and a word on the rest.
import type { Json } from "../events.ts";
import { asObject, asObjects, asText } from "../shape.ts";
import type { McpResult } from "./protocol.ts";
import { plainLine } from "./text.ts";

/** Image types that models can be shown, and what one answer may hold of them. */
const imageTypes = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const mostImages = 4;
const imageChars = 5_000_000;
/** Characters of structured content that are kept as data beside the text: it becomes a part of the journal. */
const dataChars = 200_000;

/** Reads a result. */
export function readResult(raw: unknown): McpResult {
  const said = asObject(raw) ?? {};
  const images: McpResult["images"] = [];
  const blocks = asObjects(said.content).map((block) => readBlock(block, images));
  const data = asObject(said.structuredContent);
  const json = data === null ? "" : JSON.stringify(data);
  const text = blocks.filter((words) => words !== "").join("\n");
  return {
    ok: said.isError !== true,
    // Servers are asked to repeat their data as text; for one that does not, the data is the text.
    text: text === "" ? (data === null ? emptyWords(said) : JSON.stringify(data, null, 1)) : text,
    data: data !== null && json.length <= dataChars ? (JSON.parse(json) as Json) : null,
    images,
  };
}

function emptyWords(said: Record<string, unknown>): string {
  return said.isError === true ? "The server says that it failed, and not why." : "(The server answered with nothing.)";
}

function readBlock(block: Record<string, unknown>, images: McpResult["images"]): string {
  const type = plainLine(asText(block.mimeType), 80) || "of no named type";
  switch (block.type) {
    case "text":
      return asText(block.text);
    case "image":
      return readImage(type, asText(block.data), images);
    case "audio":
      return `[sound, ${type}, ${bytesOf(asText(block.data))}: left out]`;
    case "resource_link":
      return `[resource ${plainLine(asText(block.uri), 400)}${block.name === undefined ? "" : `: ${plainLine(asText(block.name), 120)}`}]`;
    case "resource":
      return readResource(asObject(block.resource) ?? {}, images);
    default:
      return `[${plainLine(asText(block.type), 40) || "something"}: left out, it is of no known kind]`;
  }
}

function readImage(type: string, base64: string, images: McpResult["images"]): string {
  const isFit =
    imageTypes.has(type) && base64 !== "" && base64.length <= imageChars && /^[A-Za-z0-9+/=\s]+$/.test(base64);
  if (!isFit || images.length >= mostImages) return `[image, ${type}, ${bytesOf(base64)}: left out]`;
  images.push({ media_type: type, base64: base64.replace(/\s+/g, "") });
  return `[image ${images.length}, ${type}]`;
}

function readResource(resource: Record<string, unknown>, images: McpResult["images"]): string {
  const uri = plainLine(asText(resource.uri), 400);
  if (typeof resource.text === "string") return `[resource ${uri}]\n${resource.text}`;
  const type = plainLine(asText(resource.mimeType), 80) || "of no named type";
  const blob = asText(resource.blob);
  if (imageTypes.has(type)) return `[resource ${uri}] ${readImage(type, blob, images)}`;
  return `[resource ${uri}, ${type}, ${bytesOf(blob)}: left out]`;
}

function bytesOf(base64: string): string {
  const bytes = Math.floor((base64.length * 3) / 4);
  return bytes < 10_000 ? `${bytes} bytes` : `${Math.round(bytes / 1000)} kB`;
}
