/** A share as a percentage with two decimals. */
export function percentText(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
