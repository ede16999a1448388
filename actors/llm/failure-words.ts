// What is told of a service's failures.
import type { LlmErrorCode } from "./protocol.ts";
import { alternatives, type Service } from "./service.ts";

/** What happened, in the words of the service that was called. */
export function headline(code: LlmErrorCode, service: Service): string {
  const { name, model } = service;
  switch (code) {
    case "LLM_UNAUTHORIZED":
      return `${name} does not accept the key`;
    case "LLM_FORBIDDEN":
      return `${name} does not allow this with the present key`;
    case "LLM_PAYMENT_REQUIRED":
      return `${name} asks for payment`;
    case "LLM_MODEL_UNKNOWN":
      return `${name} does not offer ${model}`;
    case "LLM_CONTEXT_OVERFLOW":
      return `The conversation is too long for ${model}`;
    case "LLM_NO_TOOLS":
      return `${model} cannot call tools as ${name} serves it`;
    case "LLM_RATE_LIMITED":
      return `${name} limits the rate of requests`;
    case "LLM_OVERLOADED":
      return `${name} is overloaded`;
    case "LLM_SERVER_ERROR":
      return `${name} failed`;
    case "LLM_STREAM_BROKEN":
      return `The reply from ${name} broke off`;
    default:
      return `${name} refused the request`;
  }
}

/** What the user can do about it. */
export function hintFor(code: LlmErrorCode, service: Service): string {
  const { keyVariable, baseVariable, baseUrl, billingUrl, keysUrl, name } = service;
  const local = billingUrl === null;
  switch (code) {
    case "LLM_UNAUTHORIZED":
      return `Check ${keyVariable}${keysUrl === null ? "" : ` (keys: ${keysUrl})`}, or use ${alternatives}.`;
    case "LLM_FORBIDDEN":
      return name === "Hugging Face"
        ? `The token in HF_TOKEN needs the permission "Make calls to Inference Providers": ${keysUrl}.`
        : `Check what the key in ${keyVariable} may do, or use ${alternatives}.`;
    case "LLM_PAYMENT_REQUIRED": {
      const who = service.payer === undefined ? "" : `This is charged to ${service.payer}. `;
      return `${who}${local ? "Add credit" : `Add credit or raise the limit at ${billingUrl}`}, or use ${alternatives}.`;
    }
    case "LLM_NO_TOOLS":
      return noToolsHint(service);
    case "LLM_MODEL_UNKNOWN":
      if (name === "Ollama") return "Get the model with `ollama pull`, or see `ollama list` for what is there.";
      return name === "Hugging Face"
        ? "Check the id, drop the :provider suffix, or see https://huggingface.co/models?inference_provider=all."
        : `Check the model's name, and that ${baseVariable} is right (${baseUrl}).`;
    case "LLM_CONTEXT_OVERFLOW":
      return "Compact or shorten the conversation, or use a model with a larger context window.";
    case "LLM_BAD_REQUEST":
      return local
        ? "See whether this server's model supports tools, or use another model."
        : "Try another model; if it happens again, this is a defect of ML Intern.";
    default:
      return `Try again in a while, or use ${alternatives}.`;
  }
}

/** What to do about a model without tools: some servers only need to be started differently. */
export function noToolsHint({ name }: Service): string {
  if (name === "vLLM") return "Start vLLM with --enable-auto-tool-choice and the --tool-call-parser of this model.";
  if (name === "llama.cpp") return "Start llama-server with --jinja, or use a model whose template knows tools.";
  if (name === "Ollama") return "Use a model that `ollama show` lists with the capability tools.";
  if (name === "Hugging Face") return "Choose a provider that offers tools (<model>:<provider>), or another model.";
  return `Use a model that can call tools, or ${alternatives.replace(/^another model, /, "")}.`;
}
