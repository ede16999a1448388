// Questions to the dataset viewer's server, and what its refusals mean.
import { HttpError as Failure, type HttpError } from "../../../http/errors.ts";
import type { Door } from "../../../http/types.ts";
import { asObject } from "../../../shape.ts";

/** What asking needs. */
export interface Asking {
  door: Door;
  signal: AbortSignal;
  onWait: (words: string) => void;
  /** Hears of an answer that could not be had anew: when it was fetched, in milliseconds since 1970. */
  onStale: (since: number) => void;
  /** Attempts in all, where one would rather have no answer than wait for it. Default: as usual. */
  attempts?: number;
}

/** Milliseconds for an answer: some are computed while one waits. */
const timeoutMs = 45_000;
/** How long an answer is taken for fresh, in milliseconds. */
const freshMs = 5 * 60_000;

/** The parameters of a question. */
export type Parameters = Readonly<Record<string, string | number | undefined>>;

/**
 * Asks an endpoint (`splits`, `info`, …) and reads the answer. An answer that is being computed is waited for. Throws
 * `HttpError`.
 */
export async function askViewer(
  { door, signal, onWait, onStale, attempts }: Asking,
  endpoint: string,
  parameters: Parameters,
): Promise<Record<string, unknown>> {
  const url = new URL(`${door.services.datasetsServer}/${endpoint}`);
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) url.searchParams.set(name, String(value));
  const limit = attempts === undefined ? {} : { attempts };
  const answer = await door.expect(url, { signal, onWait, timeoutMs, keep: { freshMs }, isFinal, ...limit });
  if (answer.staleSince !== null) onStale(answer.staleSince);
  const body = asObject(await answer.json());
  if (body === null) throw new Failure("HTTP_NO_JSON", `${url.host} did not answer /${endpoint} with an object.`);
  return body;
}

/** Its 500s are final, but for the one that asks to come back later and those that carry no code. */
function isFinal(status: number, headers: Headers): boolean {
  const code = headers.get("x-error-code");
  return status === 500 && code !== null && code !== "ResponseNotReady";
}

/** What kind of refusal it is, for those who branch on it. */
export type ViewerRefusal =
  | "no_access"
  | "renamed"
  | "script"
  | "empty"
  | "converting"
  | "disabled"
  | "private"
  | "too_big"
  | "no_config"
  | "no_split"
  | "no_search"
  | "bad_question"
  | "broken_data"
  | "not_computed"
  | "busy"
  | "unreachable"
  | "server";

/** A refusal in words: what it means, and what to do. */
export interface ViewerFailure {
  refusal: ViewerRefusal;
  code: string;
  message: string;
  hint: string;
}

const byCode: Record<string, ViewerRefusal> = {
  ExternalUnauthenticatedError: "no_access",
  ExternalAuthenticatedError: "no_access",
  DatasetNotFoundError: "no_access",
  AskAccessHubRequestError: "no_access",
  GatedDisabledError: "no_access",
  RenamedDatasetError: "renamed",
  DatasetWithScriptNotSupportedError: "script",
  DatasetModuleNotInstalledError: "script",
  EmptyDatasetError: "empty",
  DataFilesNotFoundError: "empty",
  ResponseNotReady: "converting",
  CachedResponseNotFound: "converting",
  DisabledViewerError: "disabled",
  DatasetInBlockListError: "disabled",
  NotSupportedDisabledViewerError: "disabled",
  NotSupportedDisabledRepositoryError: "disabled",
  NotSupportedTagNFAAError: "disabled",
  NotSupportedError: "disabled",
  NotSupportedPrivateRepositoryError: "private",
  TooBigContentError: "too_big",
  DatasetWithTooBigExternalFilesError: "too_big",
  DatasetWithTooManyExternalFilesError: "too_big",
  DatasetWithTooManyConfigsError: "too_big",
  DatasetWithTooManySplitsError: "too_big",
  RowsPostProcessingError: "broken_data",
  ConfigNotFoundError: "no_config",
  SplitNotFoundError: "no_split",
  SearchFeatureNotAvailableError: "no_search",
  MissingRequiredParameter: "bad_question",
  InvalidParameter: "bad_question",
  ResponseNotFound: "not_computed",
  StreamingRowsError: "broken_data",
  NormalRowsError: "broken_data",
  FeaturesError: "broken_data",
  DatasetGenerationError: "broken_data",
  DatasetGenerationCastError: "broken_data",
  ConfigNamesError: "broken_data",
  SplitNamesFromStreamingError: "broken_data",
  SplitsNamesError: "broken_data",
  InfoError: "broken_data",
  FileFormatMismatchBetweenSplitsError: "broken_data",
  PreviousStepFormatError: "broken_data",
  PolarsParquetReadError: "broken_data",
  StatisticsComputationError: "broken_data",
  UnsupportedDatasetFeatureError: "broken_data",
  JobManagerExceededMaximumDurationError: "too_big",
  JobManagerCrashedError: "not_computed",
};

const words: Record<ViewerRefusal, [message: string, hint: string]> = {
  no_access: ["It does not exist, or it is private or gated and may not be seen", "Check the name and the token."],
  renamed: ["It was renamed", "Use the new name."],
  script: [
    "It is made by a Python script, which neither the viewer nor datasets 4 runs",
    "Look for a copy in Parquet, or read the script in its repository.",
  ],
  empty: ["Its repository holds no data files that the viewer knows", "List its files."],
  converting: ["The viewer is still converting it", "Ask again in a few minutes."],
  disabled: ["The viewer is switched off for it", "Load it in a script and look at it there."],
  private: [
    "The viewer shows private data sets to PRO users and Enterprise organisations only",
    "Load it in a script and look at it there.",
  ],
  too_big: ["It is too big for the viewer", "Stream it in a script: load_dataset(…, streaming=True)."],
  no_config: ["There is no such config", "Leave config out to see which there are."],
  no_split: ["There is no such split", "Leave split out to see which there are."],
  no_search: ["It cannot be searched or filtered", "Page through it by offset, or load it in a script."],
  bad_question: ["The viewer does not accept the question", "Check the parameters."],
  broken_data: [
    "The viewer could not read its data",
    "The files may be broken or of different columns: look at them in its repository.",
  ],
  not_computed: ["The viewer has no answer to this", "Do without it."],
  busy: ["The viewer's server limits requests", "Go on with something else and come back."],
  unreachable: ["The viewer's server cannot be reached", "Try again later."],
  server: ["The viewer's server failed", "Try again later."],
};

function refusalOf(error: HttpError, code: string): ViewerRefusal {
  const stated = Object.hasOwn(byCode, code) ? byCode[code] : undefined;
  if (stated !== undefined) return stated;
  if (error.status === null) return "unreachable";
  if (error.code === "HTTP_RATE_LIMITED" || error.status === 429) return "busy";
  if (error.status === 401 || error.status === 403) return "no_access";
  if (error.status === 404) return "not_computed";
  if (error.status === 400 || error.status === 422) return "bad_question";
  // Answers that a worker of theirs failed to compute: the code says at what.
  return error.status === 501 && code !== "" ? "broken_data" : "server";
}

/** What a refusal of the viewer means. */
export function viewerFailure(error: HttpError): ViewerFailure {
  const code = error.headers.get("x-error-code") ?? "";
  const refusal = refusalOf(error, code);
  const [message, hint] = words[refusal];
  const said = error.said === "" ? "" : ` (${error.said})`;
  const named = code === "" ? "" : ` [${code}]`;
  return { refusal, code, message: `${message}${said}${named}.`, hint };
}
