/** A share as a percentage with two decimals: `97.50 %`. */
export function percentText(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** An equivariance or its mean, -1 to 1. */
export function equivarianceText(value: number): string {
  return value.toFixed(4);
}

/** A difference with its sign: `+0.0123`. */
export function signedText(value: number, digits = 4): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(digits)}`;
}
