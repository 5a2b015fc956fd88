/** A name of at most so many characters: what is left out is left out of the middle. */
export function shortName(name: string, length: number): string {
  const characters = Array.from(name);
  if (characters.length <= length) return name;
  const end = Math.ceil((length - 1) / 2);
  return [...characters.slice(0, length - 1 - end), '…', ...characters.slice(-end)].join('');
}
