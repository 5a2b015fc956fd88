/**
 * A sentence with marked-up parts in its gaps, in the order that its language wants.
 * @param text translated with `{0}`, `{1}`… as its values, so that the gaps are still there
 */
export function filled(text: string, ...parts: readonly unknown[]): readonly unknown[] {
  // What the parentheses take stands between the pieces of text.
  return text.split(/\{(\d+)\}/).map((piece, index) => (index % 2 === 0 ? piece : parts[Number(piece)]));
}
