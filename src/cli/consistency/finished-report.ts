import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Shard } from '../../core/report/consistency-report';
import { ModelError } from '../../core/model-error';
import { reportKind } from '../../core/report/consistency-report';
import { storedJson, type StoredReport } from '../../core/report/stored-report';
import { readRegularRange } from '../../engine/input/regular-file';
import { atomicWrite } from '../../engine/output/atomic-write';
import { bytesOf, printNotes } from '../print';
import { toolVersion } from '../tool-facts';
import type { ListToClassify } from './classify-list';
import { reportInFile } from './report-file';

/**
 * SHA-256 of all that a result depends on, Shiftlint's version included, but for the part that it is of: all parts of a run share it.
 */
export function runDigest({ digest, list, options }: Pick<ListToClassify, 'digest' | 'list' | 'options'>): string {
  const { pairs, seed, protocol, preprocessing, size } = options;
  const asked = [toolVersion(), digest, list.facts, pairs, seed, protocol ?? null, preprocessing ?? null, size ?? null];
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex');
}

/**
 * The report that an earlier call has written, where it is whole and of this very run. Another one is going to be replaced, which is said.
 *
 * @throws ModelError `unwritable` where the file is no report
 */
export async function finishedReport(file: string, run: string, shard: Shard | null): Promise<StoredReport | undefined> {
  const present = await stat(file).catch(() => undefined);
  if (present === undefined || present.size === 0) return undefined;
  await requireReport(file);
  const report = await reportInFile(file).catch((error: unknown) => {
    if (error instanceof ModelError) return undefined;
    throw error;
  });
  const isSamePart = JSON.stringify(report?.head.shard) === JSON.stringify(shard);
  if (report?.head.run === run && isSamePart) return report;
  const why = report === undefined ? 'not whole' : isSamePart ? 'of another model, other images or settings' : 'another part';
  printNotes([`"${file}" is ${why}, and is made anew.`]);
  return undefined;
}

/** Puts a report in its place when all of it is on the disk. @throws ModelError `unwritable` */
export async function writeReport(file: string, report: StoredReport): Promise<void> {
  await atomicWrite(file, bytesOf(storedJson(report)));
}

/** Whatever else the user has named by mistake stays as it is. */
async function requireReport(file: string): Promise<void> {
  const head = new TextDecoder().decode(await readRegularRange(file, 0, 256));
  if (!head.includes(`"${reportKind}"`))
    throw new ModelError('unwritable', `"${file}" is no report of "shiftlint consistency", and stays as it is: name another file by -o.`);
}
