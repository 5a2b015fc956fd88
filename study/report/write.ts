import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { StudyRecord } from '../runs/record';
import { studyPage } from './page';
import { scatterSvg } from './scatter';

/** Writes the page and the scatter of what has run. */
export function writeReport(folder: string, record: StudyRecord): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'study.md'), studyPage(record));
  writeFileSync(path.join(folder, 'study.svg'), scatterSvg(record));
}
