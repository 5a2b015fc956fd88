import type { JsonObject } from '../../tfjs/json';

/** An object by the keys of Keras, each of which TensorFlow.js takes in camel case too: `batchInputShape` is `batch_input_shape`. */
export function kerasKeys(object: JsonObject): JsonObject {
  const renamed = Object.keys(object).flatMap((key) => {
    const kerasKey = snakeCase(key);
    return kerasKey === key || kerasKey in object ? [] : [[kerasKey, object[key]] as const];
  });
  return renamed.length === 0 ? object : { ...object, ...Object.fromEntries(renamed) };
}

/** The key that a file spells one of Keras by. @param isThere tells whether the file has a key */
export function keyInFile(kerasKey: string, isThere: (key: string) => boolean): string {
  const camelCase = kerasKey.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return !isThere(kerasKey) && isThere(camelCase) ? camelCase : kerasKey;
}

function snakeCase(key: string): string {
  return key.replace(/(?<=[a-z\d])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
