/** `no findings`, `1 finding`, `3 findings`. */
export function countText(count: number): string {
  return `${count === 0 ? 'no' : count} ${count === 1 ? 'finding' : 'findings'}`;
}
