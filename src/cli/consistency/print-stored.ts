import type { FailedImage } from '../../core/consistency/image-row';
import type { Share } from '../../core/consistency/interval';
import { percentText } from '../../core/report/figure-text';
import { storedCsv, storedJson, type StoredReport } from '../../core/report/stored-report';
import type { Threshold } from '../../core/report/thresholds';
import type { ParsedWords } from '../command';
import { printLine, printLines, printPieces } from '../print';
import { exitCodeFor } from '../thresholds';

/** Images that were left out and are named for people. */
const mostNamed = 100;

/** Prints a report in the form that was asked for, without holding what grows with its images. */
export async function printStored(parsed: ParsedWords, report: StoredReport): Promise<void> {
  if (parsed.flag('json')) await printPieces(storedJson(report));
  else if (parsed.flag('csv')) await printPieces(storedCsv(report));
  else await printText(report);
}

/** The exit code for thresholds, which are about the consistency unless they name another figure. @throws UsageError */
export function exitCodeOf({ summary }: StoredReport, thresholds: readonly Threshold[]): number {
  const figures = [
    { names: ['consistency'], label: 'The consistency', value: summary.consistency?.value ?? null },
    { names: ['invariance'], label: 'The invariance', value: summary.invariance },
    { names: ['accuracy'], label: 'The accuracy', value: summary.accuracy?.value ?? null },
  ];
  return exitCodeFor(
    figures,
    thresholds.map(({ name, least }) => ({ name: name ?? 'consistency', least })),
  );
}

async function printText({ head, summary, failed }: StoredReport): Promise<void> {
  const { settings, notes, shard } = head;
  const { model, backend, protocol, input, pairs, seed, largestShift: largest } = settings;
  const part = shard === null ? '' : `, part ${shard.index}/${shard.count}`;
  printLines([
    `${model}: ${backend}, ${protocol} protocol, ${input.height}x${input.width}${part}`,
    ...notes.map((note) => `note: ${note}`),
    `${summary.images} images, ${pairs} pairs of shifts each (up to ${largest.join('x')} px, seed ${seed})`,
    `consistency           ${shareText(summary.consistency)}`,
    `invariance            ${summary.invariance === null ? 'unknown' : summary.invariance.toFixed(4)} (mean cosine of the outputs with the unshifted one)`,
    ...(summary.accuracy === null
      ? []
      : [`accuracy              ${shareText(summary.accuracy)}`, `accuracy over shifts  ${percentText(summary.accuracyOverShifts ?? 0)}`]),
  ]);
  await printFailed(failed());
}

async function printFailed(failed: AsyncIterable<FailedImage>): Promise<void> {
  let count = 0;
  for await (const { image, reason } of failed) {
    count += 1;
    if (count <= mostNamed) printLine(`left out ${image}: ${reason}`);
  }
  if (count > mostNamed) printLine(`left out ${count - mostNamed} more, which --json names`);
}

function shareText(share: Share | null): string {
  return share === null ? 'unknown' : `${percentText(share.value)} (95 % interval ${percentText(share.low)} to ${percentText(share.high)})`;
}
