/** The function, which works its latest result out again only where an argument is another object or value than before. */
export function latest<Arguments extends readonly unknown[], Result>(
  work: (...given: Arguments) => Result,
): (...given: Arguments) => Result {
  let before: { readonly given: Arguments; readonly result: Result } | undefined;
  return (...given) => {
    const isSame = before?.given.length === given.length && given.every((value, index) => Object.is(value, before?.given[index]));
    if (!isSame || before === undefined) before = { given, result: work(...given) };
    return before.result;
  };
}
