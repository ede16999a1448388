import { expect } from "chai";
import { isDurable, type SessionEvent } from "../../../actors/events.ts";
import { createWaiting } from "../../../tui/screen/model/coalesce.ts";
import { reduce } from "../../../tui/screen/model/reduce.ts";
import { emptyModel, type Model } from "../../../tui/screen/model/state.ts";
import { randomFrom } from "../../support/random.ts";
import { anySession } from "./any-session.ts";
import { expectValid, inputsOf, modelOf, onRecord, shown } from "./recording.ts";

const seeds = Array.from({ length: 60 }, (_, index) => index + 1);

describe("screen model: any session", () => {
  it("is valid after every event", () => {
    for (const seed of seeds.slice(0, 20)) {
      let model = emptyModel();
      anySession(seed).forEach((event, index) => {
        model = reduce(model, [{ kind: "event", event }]);
        try {
          expectValid(model);
        } catch (error) {
          throw new Error(`seed ${seed}, event ${index} (${event.type})`, { cause: error });
        }
      });
      expect(model.sync.gap, `seed ${seed}`).to.equal(null);
    }
  });

  it("is the same however the events are cut into batches", () => {
    for (const seed of seeds) {
      const random = randomFrom(seed);
      const inputs = inputsOf(anySession(seed));
      let model = emptyModel();
      for (let at = 0; at < inputs.length; ) {
        const size = 1 + Math.floor(random() * 40);
        model = reduce(model, inputs.slice(at, at + size));
        at += size;
      }
      expect(model, `seed ${seed}`).to.deep.equal(reduce(emptyModel(), inputs));
    }
  });

  it("shows the same when pieces of text and output are put together on their way", () => {
    for (const seed of seeds) {
      const inputs = inputsOf(anySession(seed));
      const waiting = createWaiting();
      for (const input of inputs) waiting.add(input);
      const together = waiting.take();
      expect(together.length, `seed ${seed}`).to.be.below(inputs.length);
      expect(shown(reduce(emptyModel(), together)), `seed ${seed}`).to.deep.equal(shown(reduce(emptyModel(), inputs)));
    }
  });

  it("shows what is on record again when only the journal is read", () => {
    for (const seed of seeds) {
      const events = anySession(seed);
      const journal = events.filter(({ type }) => isDurable(type));
      expect(onRecord(modelOf(journal)), `seed ${seed}`).to.deep.equal(onRecord(modelOf(events)));
    }
  });

  it("is not disturbed by events that come again, that come late, and that nobody knows", () => {
    for (const seed of seeds) {
      const random = randomFrom(seed * 7);
      const events = anySession(seed);
      let expected = emptyModel();
      let model = emptyModel();
      events.forEach((event, index) => {
        expected = reduce(expected, [{ kind: "event", event }]);
        model = reduce(model, [{ kind: "event", event }]);
        const old = events[Math.floor(random() * (index + 1))];
        if (old === undefined || (!isDurable(old.type) && old.seq === event.seq)) return;
        model = reduce(model, [{ kind: "event", event: old }]);
      });
      expect(model, `seed ${seed}`).to.deep.equal(expected);
      const strange = {
        ...events[0],
        type: "teleported",
        seq: model.sync.seq + 1,
        data: null,
      } as unknown as SessionEvent;
      const after = reduce(model, [{ kind: "event", event: strange }]);
      expect(after.blocks.slice(0, -1)).to.deep.equal(model.blocks);
      expect(after.blocks.at(-1)).to.deep.include({ kind: "note", durable: true });
      expect(after.sync.seq).to.equal(model.sync.seq + 1);
    }
  });

  it("asks for what is missing, takes nothing after it, and is whole once it was delivered", () => {
    for (const seed of seeds) {
      const random = randomFrom(seed * 11);
      const journal = anySession(seed).filter(({ type }) => isDurable(type));
      const lost = 1 + Math.floor(random() * (journal.length - 2));
      const broken = modelOf(journal.filter((_, index) => index !== lost));
      expect(broken.sync.gap?.from, `seed ${seed}`).to.equal(lost + 1);
      expect(broken.sync.seq, `seed ${seed}`).to.equal(lost);
      const healed = modelOf(journal.slice(lost), broken);
      expect(healed, `seed ${seed}`).to.deep.equal(modelOf(journal));
    }
  });

  it("leaves the model before as it was", () => {
    for (const seed of seeds.slice(0, 20)) {
      const kept: { model: Model; copy: string }[] = [];
      let model = emptyModel();
      for (const event of anySession(seed, 2)) {
        kept.push({ model, copy: frozen(model) });
        model = reduce(model, [{ kind: "event", event }]);
      }
      for (const { model: before, copy } of kept) expect(frozen(before) === copy, `seed ${seed}`).to.equal(true);
    }
  });
});

function frozen(model: Model): string {
  return JSON.stringify(model, (_, value: unknown) => (value instanceof Map ? [...value] : value));
}
