// The environment of commands that the model runs: what programs need to work, and never a key.
import type { Environment } from "./variables.ts";

const allowed = [
  /^(PATH|HOME|USER|LOGNAME|SHELL|TZ|TMPDIR|TEMP|TMP|NO_COLOR)$/,
  /^(LANG|LANGUAGE|LC_[A-Z]+)$/,
  /^XDG_[A-Z]+_(HOME|DIR|DIRS)$/,
  /^(HF_HOME|HF_HUB_CACHE|HF_DATASETS_CACHE|HF_ASSETS_CACHE|HF_HUB_OFFLINE|HF_DATASETS_OFFLINE|HF_HUB_DISABLE_TELEMETRY|TRACKIO_DIR)$/,
  /^(TRANSFORMERS_CACHE|TRANSFORMERS_OFFLINE|TORCH_HOME|TORCH_EXTENSIONS_DIR|TRITON_CACHE_DIR|KERAS_HOME|NLTK_DATA|MPLBACKEND|MPLCONFIGDIR)$/,
  /^(VIRTUAL_ENV|CONDA_[A-Z0-9_]+|MAMBA_[A-Z_]+|PYENV_ROOT|PYENV_VERSION|PYTHONPATH|PYTHONHOME|PYTHONUTF8|PYTHONUNBUFFERED|PYTHONHASHSEED|UV_CACHE_DIR|UV_PYTHON|PIP_CACHE_DIR)$/,
  /^(CUDA_[A-Z0-9_]+|CUDNN_[A-Z0-9_]+|NVIDIA_[A-Z0-9_]+|NCCL_[A-Z0-9_]+|ROCR_[A-Z0-9_]+|ROCM_[A-Z0-9_]+|HIP_[A-Z0-9_]+|HSA_[A-Z0-9_]+)$/,
  /^(OMP_NUM_THREADS|MKL_NUM_THREADS|OPENBLAS_NUM_THREADS|NUMEXPR_NUM_THREADS|TOKENIZERS_PARALLELISM)$/,
  /^(LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|DYLD_FALLBACK_LIBRARY_PATH|LIBRARY_PATH|CPATH|PKG_CONFIG_PATH|CC|CXX)$/,
  /^(JAVA_HOME|GOPATH|GOROOT|CARGO_HOME|RUSTUP_HOME|NVM_DIR|R_HOME|R_LIBS_USER|JULIA_DEPOT_PATH)$/,
  /^(HTTPS?_PROXY|NO_PROXY|ALL_PROXY|https?_proxy|no_proxy|all_proxy)$/,
  /^(SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|NODE_EXTRA_CA_CERTS)$/,
];

const secretName = /TOKEN(?!IZERS)|KEY|SECRET|PASSW|CREDENTIAL|AUTH/i;
const userinfo = /^([a-z][a-z0-9+.-]*:\/\/)?[^/]*@/i;

/**
 * The allow-listed part of an environment. Names that speak of a secret are refused whatever the list says, and user
 * names and passwords are cut out of proxy URLs.
 */
export function commandEnvironment(env: Environment): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || secretName.test(name) || !allowed.some((pattern) => pattern.test(name))) continue;
    kept[name] = /_proxy$/i.test(name) ? withoutUserinfo(value) : value;
  }
  return kept;
}

function withoutUserinfo(value: string): string {
  return value
    .split(",")
    .map((part) => part.replace(userinfo, (_, scheme: string | undefined) => scheme ?? ""))
    .join(",");
}
