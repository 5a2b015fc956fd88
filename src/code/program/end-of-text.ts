/**
 * The characters of one kind that a text ends with. They are found from the end on: a pattern that ends in `$` begins anew at every letter
 * of a name that fills a file, and takes time that grows with the square of its length.
 * @param kind matches one character
 */
export function endOf(text: string, kind: RegExp): string {
  let start = text.length;
  while (start > 0 && kind.test(text.charAt(start - 1))) start--;
  return text.slice(start);
}
