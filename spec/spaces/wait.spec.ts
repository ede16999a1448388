import { expect } from "chai";
import { followSpace, type SpaceFollow } from "../../actors/hub/spaces/follow.ts";
import type { ToolResult } from "../../actors/tools/protocol.ts";
import { doorFor } from "../http/setting.ts";
import { spaceOf } from "../support/hub/spaces.ts";
import { keysOf, servicesAt } from "../support/reach.ts";
import { type Reply, type Service, startService } from "../support/service.ts";
import { openSpaceShop, type SpaceShop } from "./setting.ts";

describe("waiting for a Space", () => {
  describe("looks again and again", () => {
    let service: Service;
    afterEach(() => service.close());

    /** Follows a Space whose looks are answered so; the last answer stays. */
    async function follow(replies: (Reply | string)[], more: Partial<SpaceFollow> = {}) {
      const answers = replies.map(
        (reply): Reply =>
          typeof reply === "string" && reply !== "hang" && reply !== "cut"
            ? { body: { stage: reply, hardware: { current: "cpu-basic", requested: "cpu-basic" } } }
            : (reply as Reply),
      );
      service = await startService((_, index) => answers[Math.min(index, answers.length - 1)]);
      const door = doorFor({ services: servicesAt({ hub: service.url }), keys: keysOf({ hub: "hf_x" }) });
      const { signal } = new AbortController();
      const seen: string[] = [];
      const trouble: string[] = [];
      const runtime = await followSpace({
        door,
        id: "me/app",
        signal,
        pace: [1, 2],
        onSeen: ({ stage }) => seen.push(stage),
        onTrouble: (words) => trouble.push(words),
        ...more,
      });
      return { runtime, seen, trouble };
    }

    it("until it runs, and a second look says so too", async () => {
      const { runtime, seen } = await follow(["RUNNING", "BUILDING", "APP_STARTING", "RUNNING", "RUNNING"]);
      expect(runtime.stage).to.equal("RUNNING");
      expect(seen).to.deep.equal(["RUNNING", "BUILDING", "APP_STARTING", "RUNNING", "RUNNING"]);
    });

    it("while the version before still runs, or the machine is not the one that was asked for", async () => {
      const other = { body: { stage: "RUNNING", hardware: { current: "cpu-basic", requested: "t4-small" } } };
      const { seen } = await follow(["RUNNING_BUILDING", "RUNNING_APP_STARTING", other, other, other, "RUNNING"]);
      expect(seen).to.have.length(7);
    });

    for (const stage of [
      "CONFIG_ERROR",
      "NO_APP_FILE",
      "BUILD_ERROR",
      "RUNTIME_ERROR",
      "PAUSED",
      "STOPPED",
      "DELETING",
      "SLEEPING",
    ]) {
      it(`ends with ${stage}, and waits nothing out`, async () => {
        const { runtime, seen } = await follow([stage]);
        expect(runtime.stage).to.equal(stage);
        expect(seen).to.have.length(2);
      });
    }

    it("goes on through failures of the Hub, and says so once", async () => {
      const failing = { status: 503, body: {} };
      const { runtime, trouble } = await follow([
        failing,
        failing,
        "cut",
        failing,
        failing,
        failing,
        "BUILDING",
        "RUNNING",
      ]);
      expect(runtime.stage).to.equal("RUNNING");
      expect(trouble).to.have.length(2);
      expect(trouble[0]).to.contain("does not say how the Space is");
      expect(trouble[1]).to.contain("says again how the Space is: BUILDING");
    });

    it("takes one look that finds nothing for none: a Space that was just made may not be known yet", async () => {
      expect((await follow([{ status: 404, body: {} }, "RUNNING"])).runtime.stage).to.equal("RUNNING");
      await service.close();
      const gone = await follow([{ status: 404, body: { error: "gone" } }]).catch((error: unknown) => error);
      expect(gone).to.include({ status: 404 });
    });

    for (const status of [401, 403]) {
      it(`ends when the Hub refuses with ${status}`, async () => {
        const error = await follow([{ status, body: {} }]).catch((thrown: unknown) => thrown);
        expect(error).to.include({ status });
        expect(service.asked).to.have.length(1);
      });
    }

    it("ends with the signal", async () => {
      const control = new AbortController();
      const onSeen = () => control.abort(new Error("enough"));
      const error = await follow(["BUILDING"], { signal: control.signal, onSeen }).catch((thrown: unknown) => thrown);
      expect(error).to.include({ message: "enough" });
    });
  });

  describe("as a call", function () {
    this.timeout(30_000);
    let at: SpaceShop;
    const ends = new Map<string, ToolResult>();

    /** Every Space of a user's, each in another way of its own, and all waited for side by side. */
    before(async () => {
      at = await openSpaceShop({
        before: ({ path }) =>
          path.includes("/me/mute/logs/") ? { status: 500, body: { error: "no logs" } } : undefined,
      });
      const logs = { build: ["built", "No module named torchh"], run: ["ran", "CUDA out of memory"] };
      const failed = { errorMessage: "Exit code: 1", logs };
      for (const [name, state] of [
        ["fine", { stage: "BUILDING", next: ["APP_STARTING", "RUNNING"] }],
        ["unbuilt", { stage: "BUILD_ERROR", ...failed }],
        ["broken", { stage: "RUNTIME_ERROR", ...failed }],
        ["mute", { stage: "BUILD_ERROR" }],
        ["paused", { stage: "PAUSED" }],
        ["slow", { stage: "BUILDING" }],
      ] as const) {
        Object.assign(spaceOf(at.hub.add("space", `me/${name}`)), state);
      }
      await Promise.all(
        ["fine", "unbuilt", "broken", "mute", "paused", "slow", "none"].map(async (name) => {
          const short = name === "slow" ? { timeout: 1 } : {};
          const result = await at.shop.call("hf_spaces", { operation: "wait", repo_id: `me/${name}`, ...short });
          ends.set(name, result);
        }),
      );
    });
    after(() => at.close());

    it("answers with the app's address, and shows how it went", () => {
      const text = "The Space me/fine runs on cpu-basic: https://me-fine.hf.space";
      expect(ends.get("fine")).to.deep.include({ ok: true, text });
      expect(ends.get("fine")?.untrusted).to.equal(undefined);
      expect(at.shop.logs.join(""))
        .to.match(/\d+s: APP_STARTING\n/)
        .and.match(/\d+s: RUNNING\n/);
    });

    for (const [name, stage, kind, words] of [
      ["unbuilt", "BUILD_ERROR", "build", "No module named torchh"],
      ["broken", "RUNTIME_ERROR", "run", "CUDA out of memory"],
    ] as const) {
      it(`ends with the ${kind} log's end at ${stage}, marked as text from outside`, () => {
        const result = ends.get(name);
        expect(result?.ok).to.equal(false);
        for (const part of [`does not run: ${stage}.`, "The Hub says: Exit code: 1", `end of its ${kind} log`, words]) {
          expect(result?.text).to.contain(part);
        }
        expect(result?.untrusted).to.equal(`the log of the Space me/${name}`);
        expect(result?.data).to.deep.equal({ repo_id: `me/${name}`, stage });
      });
    }

    it("says what to do about one that is paused", () => {
      const text = "The Space me/paused does not run: PAUSED. It was paused: restart wakes it.";
      expect(ends.get("paused")).to.deep.include({ ok: false, text });
    });

    it("tells of a failure although its log cannot be read", () => {
      expect(ends.get("mute")?.text)
        .to.contain("does not run: BUILD_ERROR")
        .and.contain("Its build log could not be read: The Hub failed (500)");
    });

    it("gives up after its time, and says how far it was", () => {
      const text = "The Space me/slow does not run yet after 1s: BUILDING. Wait again, or read its build log.";
      expect(ends.get("slow")).to.deep.include({ ok: false, outcome: "timeout", text });
    });

    it("says that a Space is not there", () => {
      expect(ends.get("none")?.ok).to.equal(false);
      expect(ends.get("none")?.text).to.contain("The Space me/none does not exist");
    });

    it("ends at once when it is interrupted", async () => {
      const control = new AbortController();
      const call = await at.accepted({ operation: "wait", repo_id: "me/slow" });
      const waiting = at.run(call, control.signal);
      setTimeout(() => control.abort(), 100);
      expect(await waiting).to.include({ ok: false, outcome: "cancelled" });
    });
  });
});
