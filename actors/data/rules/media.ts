// Images and sounds.

import type { Column } from "../columns.ts";
import { hasParts, isAnyChat, isChat, turnsOf } from "./chat-type.ts";
import { find, isMedium, isText, mapping, named, python, renaming } from "./find.ts";
import { fits, fitsAfter, misfits, type Rule } from "./rule.ts";
import { classesIn } from "./task.ts";

const first = (columns: readonly Column[], kind: "image" | "audio"): Column | undefined =>
  columns.find(({ type }) => isMedium(kind)(type));

/** SFT of models that see: conversations, and the images that they are about. */
export const visionSft: Rule = (columns) => {
  const image = first(columns, "image");
  if (image === undefined) return misfits("no images", ["images"]);
  const cell = `r[${python(image.name)}]`;
  const images = image.type.kind === "list" ? cell : `[${cell}]`;
  const chat = named(columns, "messages", isChat) ?? find(columns, "messages", isAnyChat);
  if (chat !== undefined) {
    const isReady =
      chat.name === "messages" && isChat(chat.type) && (image.name === "images" || image.name === "image");
    const why = hasParts(chat.type)
      ? "conversations with images in their content"
      : "conversations with images beside them: the trainer puts them into the first user turn";
    if (isReady) return fits([chat, image], why);
    return fitsAfter(
      [chat, image],
      why,
      ["messages", "images"],
      mapping({ messages: turnsOf(chat.name, chat.type), images }),
    );
  }
  const question = find(columns, "prompt", isText);
  const answer = find(columns, "completion", isText, [question]) ?? find(columns, "caption", isText, [question]);
  if (answer === undefined) return misfits("images, but no conversations and no texts about them", ["messages"]);
  const asked = question === undefined ? '"Describe the image."' : `r[${python(question.name)}]`;
  const turns = `[{"role": "user", "content": ${asked}}, {"role": "assistant", "content": r[${python(answer.name)}]}]`;
  const uses = question === undefined ? [image, answer] : [image, question, answer];
  return fitsAfter(
    uses,
    "images with texts: they must become conversations",
    ["messages", "images"],
    mapping({ messages: turns, images }),
  );
};

/** Classes of images. */
export const imageClassification: Rule = (columns) => classified(columns, "image");

/** Classes of sounds. */
export const audioClassification: Rule = (columns) => classified(columns, "audio");

function classified(columns: readonly Column[], kind: "image" | "audio") {
  const medium = first(columns, kind);
  const label = classesIn(columns);
  if (medium === undefined) return misfits(kind === "image" ? "no images" : "no sounds", [kind]);
  if (label === undefined) return misfits("no column of classes", ["label"]);
  const fix = renaming([
    [medium.name, kind],
    [label.name, "label"],
  ]);
  const why = `${kind === "image" ? "images" : "sounds"} with classes`;
  return fix === null ? fits([medium, label], why) : fitsAfter([medium, label], why, [kind, "label"], fix);
}

/** Captions, text recognition, questions about images: an image and a text. */
export const imageToText: Rule = (columns) => {
  const image = first(columns, "image");
  const isWords = (type: Column["type"]) => isText(type) || (type.kind === "list" && isText(type.of));
  const text = find(columns, "caption", isWords);
  if (image === undefined || text === undefined) {
    return misfits(image === undefined ? "no images" : "no text for an image", [
      ...(image ? [] : ["image"]),
      ...(text ? [] : ["text"]),
    ]);
  }
  const question = find(columns, "prompt", isText, [text]);
  const uses = question === undefined ? [image, text] : [image, question, text];
  return fits(uses, question === undefined ? "images with texts" : "images with questions and answers");
};

/** Speech to text, and the other way round: a recording and what is said. */
export const speechRecognition: Rule = (columns) => {
  const audio = first(columns, "audio");
  const said = find(columns, "transcript", isText);
  if (audio === undefined) return misfits("no recordings", ["audio"]);
  if (said === undefined) return misfits("recordings, but not what is said", ["text"]);
  const fix = renaming([
    [audio.name, "audio"],
    [said.name, "text"],
  ]);
  const why = "recordings with what is said (set the sampling rate with cast_column)";
  return fix === null ? fits([audio, said], why) : fitsAfter([audio, said], why, ["audio", "text"], fix);
};
