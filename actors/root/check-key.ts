// What a front asks of the services before there is an agent: whether they take a key.
export { type CheckedKey, checkKey, type KeyPlaces, type TakenKey } from "../llm/check-key.ts";
