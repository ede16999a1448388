import modules from "../../../../configs/python-modules.json" with { type: "json" };
import type { Gate } from "./gate.ts";

const standard = new Set(modules.standard);
const packagesOf: Record<string, string[]> = modules.packages;
const brings: Record<string, string[]> = modules.brings;

/** A requirement as pip takes it (PEP 508), as far as it is looked at: a name, extras, versions or an address, a marker. */
const requirement =
  /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[A-Za-z0-9._,\s-]*\])?\s*(?:@\s*\S+|\(?\s*(?:(?:===?|~=|!=|[<>]=?)\s*[^\s,;()]+\s*,?\s*)*\)?)\s*(?:;.*)?$/;
/** An address that stands for itself. */
const address = /^(?:git\+)?https?:\/\/\S+$/;

const plain = (name: string): string => name.toLowerCase().replaceAll(/[._-]+/g, "-");

/** A module that nobody installs fails the job at its first line; a requirement that is none fails it before that. */
export const dependencies: Gate = ({ facts, header, dependencies: asked, usualImage, trackio }) => {
  if (facts === null) return null;
  const all = [...(header?.dependencies ?? []), ...asked];
  const broken = all.filter((one) => !requirement.test(one.trim()) && !address.test(one.trim()));
  if (broken.length > 0) {
    const shown = broken.map((one) => JSON.stringify(one)).join(", ");
    return { message: `No requirement as pip takes it: ${shown}.`, hint: 'For example "transformers>=4.40".' };
  }
  // What else is in an image of the user's choice is not known; what an address installs is not, either.
  if (!usualImage || all.some((one) => one.includes("://"))) return null;
  const names = all.map((one) => plain(requirement.exec(one.trim())?.[1] ?? one));
  if (trackio) names.push("trackio");
  const there = new Set([...names, ...names.flatMap((name) => brings[name] ?? []).flatMap(namesOf)]);
  const missing = [...facts.imports].filter(([module]) => {
    return !standard.has(module) && module !== "__future__" && !namesOf(module).some((name) => there.has(name));
  });
  if (missing.length === 0) return null;
  const lines = missing.map(([module, line]) => `${module} (line ${line})`);
  const wanted = missing.map(([module]) => (packagesOf[module] ?? [plain(module)])[0]);
  return {
    message: `Imported, but installed by nobody: ${lines.join(", ")}.`,
    hint: `Add to dependencies: ${JSON.stringify(wanted)}.`,
  };
};

/** The packages that bring a module, of which any will do. */
function namesOf(module: string): string[] {
  return [...(packagesOf[module] ?? []), plain(module)];
}
