// Choices at random that can be had again: the same for the same seed.
import { randomFrom } from "../../../support/random.ts";

export interface Chance {
  /** A whole number from 0 to `most`. */
  upTo(most: number): number;
  /** True with this probability. */
  sometimes(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** A text of one letter and random length. */
  text(letter: string, most: number): string;
  /** One of several, each as likely as its weight says. */
  weighed<T>(choices: readonly (readonly [weight: number, choice: T])[]): T;
}

export function chanceFrom(seed: number): Chance {
  const random = randomFrom(seed);
  const upTo = (most: number) => Math.floor(random() * (most + 1));
  function pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new Error("nothing to choose from");
    return list[upTo(list.length - 1)] as T;
  }
  return {
    upTo,
    pick,
    sometimes: (probability) => random() < probability,
    text: (letter, most) => letter.repeat(upTo(most)),
    weighed(choices) {
      let left = random() * choices.reduce((sum, [weight]) => sum + weight, 0);
      const found = choices.find(([weight]) => {
        left -= weight;
        return left < 0;
      });
      return (found ?? pick(choices))[1];
    },
  };
}
