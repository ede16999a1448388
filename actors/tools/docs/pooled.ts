// What the documentation tools have run on other cores. Each loads its packages on first use.
import type { ApiFound, ApiQuery } from "./api-index.ts";
import type { PagesQuery } from "./pages-index.ts";
import type { PrepareInput } from "./prepared.ts";
import type { Section } from "./sections.ts";

export const makePagesIndex = async (input: PrepareInput): Promise<void> =>
  (await import("./pages-index.ts")).makePagesIndex(input);

export const searchPages = async (input: PagesQuery): Promise<Section[]> =>
  (await import("./pages-index.ts")).searchPages(input);

export const makeApiIndex = async (input: PrepareInput): Promise<void> =>
  (await import("./api-index.ts")).makeApiIndex(input);

export const searchApi = async (input: ApiQuery): Promise<ApiFound> =>
  (await import("./api-index.ts")).searchApi(input);
