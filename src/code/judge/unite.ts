import type { JudgedSite } from './judge';

/**
 * The findings of a judging that followed imports but stopped early, and of one of the file alone: whatever either has found, each call
 * once, as the one says it that knows more.
 */
export function unite(followed: readonly JudgedSite[], alone: readonly JudgedSite[]): readonly JudgedSite[] {
  const united = [...followed];
  for (const one of alone) {
    const index = united.findIndex((other) => isOfSameLayer(other, one));
    const other = united[index];
    if (other === undefined) united.push(one);
    else united[index] = richer(other, one);
  }
  return united.sort((a, b) => a.finding.range.start - b.finding.range.start || a.finding.range.end - b.finding.range.end);
}

/** True of one call whose layer is its own, or another file's that breaks the same rule. */
function isOfSameLayer(followed: JudgedSite, { finding: { range, rule } }: JudgedSite): boolean {
  const { start, end } = followed.finding.range;
  return start === range.start && end === range.end && (followed.site.builtAt === null || followed.finding.rule === rule);
}

function richer(followed: JudgedSite, alone: JudgedSite): JudgedSite {
  const more = steps(followed) - steps(alone);
  if (more < 0) return alone;
  if (more > 0 || followed.site.builtAt !== null) return followed;
  const saysMore =
    isPlain(followed) === isPlain(alone) ? followed.finding.related.length > alone.finding.related.length : isPlain(followed);
  // What stopped early may not have seen all that reads the layer, on which a fix depends.
  return saysMore ? { finding: followed.finding, site: alone.site } : alone;
}

/** The samples that are merged into one; 1 where no stride is known. */
function steps({ finding: { stride } }: JudgedSite): number {
  return stride.reduce<number>((product, step) => product * (step ?? 1), 1);
}

/** True where the file itself, or one that it imports, leads to the layer without another argument than a default. */
function isPlain({ site: { cases } }: JudgedSite): boolean {
  return cases.some(({ stride, onlyWith }) => onlyWith.length === 0 && stride.some((step) => step !== null && step > 1));
}
