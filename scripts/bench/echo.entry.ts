import type { Behaviour } from "../../runtime/index.ts";

/** Answers with what it was asked. */
export interface EchoProtocol {
  tells: Record<never, never>;
  asks: { echo: [unknown, unknown] };
}

export default (): Behaviour<EchoProtocol> => ({ tells: {}, asks: { echo: (body) => body } });
