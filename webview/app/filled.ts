/**
 * A sentence with marked-up parts where its gaps `{0}`, `{1}`… stand, in the order that its language wants.
 * @param pattern a translation that was given no values, so that its gaps are still there
 */
export function filled(pattern: string, ...parts: readonly unknown[]): readonly unknown[] {
  // What the parentheses take is between the pieces of text.
  return pattern.split(/\{(\d+)\}/).map((piece, index) => (index % 2 === 0 ? piece : parts[Number(piece)]));
}
