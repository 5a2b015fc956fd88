/** The least that a figure may come to, as a pipeline asks for it. */
export interface Threshold {
  /** Whose figure; null for whatever a command has one of, or of all of them. */
  readonly name: string | null;
  /** From 0 to 1. */
  readonly least: number;
}

/** A figure that was asked for, by every name that a threshold may use. */
export interface NamedFigure {
  readonly names: readonly string[];
  /** What people call it. */
  readonly label: string;
  /** Null where there is none, which is below any threshold. */
  readonly value: number | null;
}

/** Reads `0.9` or `NAME=0.9`; a name may hold the sign too. @returns undefined for anything else */
export function parseThreshold(text: string): Threshold | undefined {
  const at = text.lastIndexOf('=');
  const number = text.slice(at + 1);
  const least = Number(number);
  if (!/^(?:0|1|0?\.\d+|[01]\.\d+)$/.test(number) || least > 1 || at === 0) return undefined;
  return { name: at < 0 ? null : text.slice(0, at), least };
}

/**
 * Figures that a pipeline does not accept, a sentence each; a threshold without a name counts for every figure, but for those that another
 * one names.
 *
 * @returns `unknown`: names of which there is no figure
 */
export function belowThresholds(
  figures: readonly NamedFigure[],
  thresholds: readonly Threshold[],
): { readonly below: readonly string[]; readonly unknown: readonly string[] } {
  const named = thresholds.flatMap(({ name, least }) => (name === null ? [] : [{ name, least }]));
  const unknown = named.filter(({ name }) => !figures.some(({ names }) => names.includes(name))).map(({ name }) => name);
  const general = thresholds.filter(({ name }) => name === null).map(({ least }) => least);
  const below = figures.flatMap(({ names, label, value }) => {
    const own = named.filter(({ name }) => names.includes(name)).map(({ least }) => least);
    const least = Math.max(...(own.length > 0 ? own : general));
    if (least === -Infinity || (value !== null && value >= least)) return [];
    return [`${label} is ${value === null ? 'unknown' : value.toFixed(4)}, below ${least}.`];
  });
  return { below, unknown };
}
