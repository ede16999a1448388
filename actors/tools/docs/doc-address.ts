// What a model writes for a page of the documentation, and where that page is. Pure.
import type { Services } from "../../http/types.ts";
import { oneLine } from "../cap.ts";
import { ToolError } from "../errors.ts";

/** A page of the documentation. */
export interface DocAddress {
  /** Which service has it. */
  at: "hub" | "gradio";
  /** Its path there, without extension and without a slash at the end. A bare one begins with a product's name. */
  path: string;
  isBare: boolean;
  /** What the address names after its `#`; empty when it does not. */
  anchor: string;
}

const hubHosts = ["huggingface.co", "www.huggingface.co", "hf.co"];
const gradioHosts = ["gradio.app", "www.gradio.app"];
/** Where on the Hub documentation is. */
const docsPath = /^\/(?:docs|learn|cookbook)(?:\/|$)/;

/** Reads an address, a path, or a product's name with a path. Throws `FORBIDDEN` for pages that are no documentation. */
export function docAddress(text: string, services: Pick<Services, "hub" | "gradio">): DocAddress {
  const given = text.trim();
  const [before = "", anchor = ""] = given.split("#", 2);
  const plain = before.split("?")[0] ?? "";
  if (/^[a-z][a-z0-9+.-]*:/i.test(plain) || plain.startsWith("//")) return onHost(plain, anchor, given, services);
  const path = tidy(plain);
  if (path === "/" || !/^[\w./-]+$/.test(path) || path.split("/").includes("..")) throw elsewhere(given);
  if (docsPath.test(path)) return { at: "hub", path, isBare: false, anchor };
  if (path === "/gradio" || path.startsWith("/gradio/")) {
    return { at: "gradio", path: path.slice("/gradio".length) || "/llms.txt", isBare: false, anchor };
  }
  return { at: "hub", path, isBare: true, anchor };
}

function onHost(
  address: string,
  anchor: string,
  given: string,
  services: Pick<Services, "hub" | "gradio">,
): DocAddress {
  if (!URL.canParse(address)) throw elsewhere(given);
  const { host, pathname, protocol, username } = new URL(address);
  if (!/^https?:$/.test(protocol) || username !== "") throw elsewhere(given);
  const path = tidy(pathname);
  const isHub = host === new URL(services.hub).host || hubHosts.includes(host);
  if (isHub && docsPath.test(path)) return { at: "hub", path, isBare: false, anchor };
  const isGradio = host === new URL(services.gradio).host || gradioHosts.includes(host);
  if (isGradio) return { at: "gradio", path: path === "/" ? "/llms.txt" : path, isBare: false, anchor };
  throw elsewhere(given);
}

/** One slash at the beginning, none at the end, no extension of a page. */
function tidy(path: string): string {
  return `/${path.replace(/^\/+|\/+$/g, "")}`.replace(/\.(?:mdx?|html)$/, "");
}

function elsewhere(given: string): ToolError {
  const message = `${JSON.stringify(oneLine(given, 120))} is no page of the Hugging Face or Gradio documentation.`;
  return new ToolError(
    "FORBIDDEN",
    message,
    "For any other page use web_fetch; explore_hf_docs lists the pages that there are.",
  );
}
