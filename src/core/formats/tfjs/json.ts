/** Parsed JSON before anything is known of its shape. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** An object as JSON.parse makes it; keys such as `__proto__` are plain own properties there. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** Narrows to an object that is no array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Narrows to an array. */
export function isJsonArray(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/** The own string under a key, undefined where there is none. */
export function stringAt(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === 'string' ? value : undefined;
}

/** The own number under a key, undefined where there is none. */
export function numberAt(object: JsonObject, key: string): number | undefined {
  const value = object[key];
  return typeof value === 'number' ? value : undefined;
}

/** Path from a JSON document's root to one of its values. */
export type JsonPath = readonly (string | number)[];
