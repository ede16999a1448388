// Features of the datasets library, as its servers and its Parquet files state them, read as column types.
import { asList, asObject, asText } from "../shape.ts";
import type { Column, ColumnType } from "./columns.ts";

/** Features lie within each other; deeper than this nothing is looked at. */
const mostDepth = 16;

const integers = /^u?int(8|16|32|64)$/;
const floats = /^(float(16|32|64)?|double|half|decimal(128|256)?\(.*\))$/;
const times = /^(timestamp|date32|date64|time32|time64|duration)/;

function valueKind(dtype: string): ColumnType {
  if (/^(large_)?string(_view)?$/.test(dtype)) return { kind: "text" };
  if (integers.test(dtype)) return { kind: "integer" };
  if (floats.test(dtype)) return { kind: "float" };
  if (/^bool(_)?$/.test(dtype)) return { kind: "bool" };
  if (times.test(dtype)) return { kind: "datetime" };
  if (/binary/.test(dtype)) return { kind: "binary" };
  return { kind: dtype === "null" ? "null" : "unknown" };
}

/**
 * The type that a feature stands for: `Value`, `ClassLabel`, `List`, `LargeList`, the older `Sequence`, media, arrays,
 * translations, and nested ones written as objects or as a list of one.
 */
function typeOfFeature(feature: unknown, depth = 0): ColumnType {
  if (depth > mostDepth) return { kind: "unknown" };
  if (Array.isArray(feature)) return { kind: "list", of: typeOfFeature(feature[0], depth + 1) };
  const object = asObject(feature);
  if (object === null) return { kind: "unknown" };
  const inner = () => typeOfFeature(object.feature, depth + 1);
  switch (object._type) {
    case "Value":
      return valueKind(asText(object.dtype));
    case "ClassLabel":
      return { kind: "label", names: asList(object.names).map(String) };
    case "Image":
      return { kind: "image" };
    case "Audio":
      return { kind: "audio" };
    case "Video":
      return { kind: "video" };
    case "Pdf":
      return { kind: "binary" };
    case "List":
    case "LargeList":
      return { kind: "list", of: inner() };
    case "Sequence":
      return sequenceOf(inner());
    case "Array2D":
    case "Array3D":
    case "Array4D":
    case "Array5D":
      return arrayOf(Number(asText(object._type).slice(5, 6)), valueKind(asText(object.dtype)));
    case "Translation":
      return {
        kind: "object",
        fields: asList(object.languages).map((language) => ({ name: String(language), type: { kind: "text" } })),
      };
    case "TranslationVariableLanguages":
      return sequenceOf({
        kind: "object",
        fields: ["language", "translation"].map((name) => ({ name, type: { kind: "text" } })),
      });
    case undefined:
      return { kind: "object", fields: fieldsOf(object, depth + 1) };
    default:
      // A field that is itself named `_type` makes an object look like a feature of an unknown kind.
      return typeof object._type === "object"
        ? { kind: "object", fields: fieldsOf(object, depth + 1) }
        : { kind: "unknown" };
  }
}

/** A `Sequence` of objects is stored the other way round: an object of lists. */
function sequenceOf(of: ColumnType): ColumnType {
  if (of.kind !== "object") return { kind: "list", of };
  return { kind: "object", fields: of.fields.map(({ name, type }) => ({ name, type: { kind: "list", of: type } })) };
}

function arrayOf(dimensions: number, of: ColumnType): ColumnType {
  return dimensions === 0 ? of : { kind: "list", of: arrayOf(dimensions - 1, of) };
}

function fieldsOf(object: Record<string, unknown>, depth: number): Column[] {
  return Object.entries(object).map(([name, feature]) => ({ name, type: typeOfFeature(feature, depth) }));
}

/** The columns of `{name: feature}`; of `[{name, type: feature}]`, as rows are answered with, as well. */
export function columnsOfFeatures(features: unknown): Column[] {
  if (!Array.isArray(features)) return fieldsOf(asObject(features) ?? {}, 0);
  return features.flatMap((entry) => {
    const object = asObject(entry);
    return object === null ? [] : [{ name: asText(object.name), type: typeOfFeature(object.type) }];
  });
}
