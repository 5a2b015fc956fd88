import { entryField } from './schema';
import { messageFields, textOf, type WireField } from './wire';

/** Reads a StringStringEntryProto into a map; the last of equal keys wins. @throws WireError */
export function readEntry(bytes: Uint8Array, field: WireField, entries: Map<string, string>): void {
  let [key, value] = ['', ''];
  for (const part of messageFields(bytes, field.value)) {
    if (part.number === entryField.key) key = textOf(bytes, part);
    else if (part.number === entryField.value) value = textOf(bytes, part);
  }
  entries.set(key, value);
}
