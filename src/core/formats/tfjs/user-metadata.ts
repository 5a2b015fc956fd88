import { isJsonObject, type JsonObject } from './json';

/** Notes that a model's authors have left in its `userDefinedMetadata`, by key: texts, and what else stands there as JSON. */
export function userMetadata(root: JsonObject): ReadonlyMap<string, string> | undefined {
  const metadata = root['userDefinedMetadata'];
  if (!isJsonObject(metadata)) return undefined;
  // Older converters wrote the signature there, which is no note.
  const notes = Object.entries(metadata).filter(([key, value]) => key !== 'signature' && value !== undefined);
  return new Map(notes.map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]));
}
