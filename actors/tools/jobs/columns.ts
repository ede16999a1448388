// The columns of the data set that a script trains on, asked for before the job is judged. Whoever has no answer, or
// none soon, says nothing: a launch never waits long for this, and never fails by it.
import type { Column } from "../../data/columns.ts";
import { columnsOfFeatures } from "../../data/features.ts";
import { asObject } from "../../shape.ts";
import type { LookContext } from "../contract.ts";
import { splitsIn } from "../data/hub/splits.ts";
import { type Asking, askViewer } from "../data/hub/viewer.ts";
import type { Training } from "../python/training.ts";

/** Milliseconds for all questions together. */
const mostMs = 5_000;

/** The columns, or null when nobody says what they are. It does not fail, but for an abort of the call. */
export async function columnsFor(
  { id, config }: Pick<Training, "id" | "config">,
  look: Pick<LookContext, "door" | "signal">,
): Promise<Column[] | null> {
  let isStale = false;
  const asking: Asking = {
    door: look.door,
    signal: AbortSignal.any([look.signal, AbortSignal.timeout(mostMs)]),
    onWait: () => undefined,
    // What was there some time ago is no ground to refuse a job of now.
    onStale: () => {
      isStale = true;
    },
    attempts: 1,
  };
  try {
    const meant = config ?? usualConfig(await askViewer(asking, "splits", { dataset: id }));
    if (meant === null) return null;
    const info = await askViewer(asking, "info", { dataset: id, config: meant });
    const columns = columnsOfFeatures(asObject(info.dataset_info)?.features);
    return isStale || columns.length === 0 ? null : columns;
  } catch {
    look.signal.throwIfAborted();
    return null;
  }
}

/** The config that is loaded where the script names none: the default one, or the only one. */
function usualConfig(answer: Record<string, unknown>): string | null {
  const { splits, pending, broken } = splitsIn(answer);
  const configs = [...new Set(splits.map(({ config }) => config))];
  if (configs.includes("default")) return "default";
  const isOnly = configs.length === 1 && pending.length === 0 && broken.length === 0;
  return isOnly ? (configs[0] ?? null) : null;
}
