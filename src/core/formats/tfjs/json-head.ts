/** How far into a file its kind shows as a rule: exporters write the kind or the topology first. */
const inspectedBytes = 1 << 16;

/** What detection looks at: the beginning of a JSON file, and the whole where that does not tell. Undefined for other files. */
export function jsonHead(bytes: Uint8Array): { readonly start: string; whole(): string } | undefined {
  const start = latin1(bytes.subarray(0, inspectedBytes));
  return /^(?:\u00ef\u00bb\u00bf)?\s*\{/.test(start) ? { start, whole: () => latin1(bytes) } : undefined;
}

/** Latin-1 view of the bytes, a byte order mark included: the keys looked for are ASCII. */
function latin1(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length; start += 8192) pieces.push(String.fromCharCode(...bytes.subarray(start, start + 8192)));
  return pieces.join('');
}
