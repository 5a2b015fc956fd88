import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { conditionName, conditionsOf, type Condition, type Digests, type Settings } from '../settings';
import type { Run } from '../training/run';

/** A study's settings and its finished runs, as `study.json` holds them. */
export interface StudyRecord {
  /** Tell whether runs belong to a study. */
  readonly digests: Digests;
  readonly settings: Settings;
  /** In the order of the conditions. */
  readonly runs: readonly Run[];
}

/** A record with those runs of the file that belong to this very study. */
export function resumedRecord(file: string, digests: Digests, settings: Settings): StudyRecord {
  const found = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as StudyRecord) : undefined;
  const conditions = new Set(conditionsOf(settings).map(conditionName));
  const runs = found?.runs.filter((run) => found.digests[run.network] === digests[run.network] && conditions.has(conditionName(run)));
  return { digests, settings, runs: runs ?? [] };
}

/** The conditions that have no run yet. */
export function missingConditions({ settings, runs }: StudyRecord): readonly Condition[] {
  const finished = new Set(runs.map(conditionName));
  return conditionsOf(settings).filter((condition) => !finished.has(conditionName(condition)));
}

/** The record with one more run. */
export function withRun(record: StudyRecord, run: Run): StudyRecord {
  const place = new Map(conditionsOf(record.settings).map((condition, index) => [conditionName(condition), index]));
  const order = (one: Run): number => place.get(conditionName(one)) ?? 0;
  return { ...record, runs: [...record.runs, run].sort((a, b) => order(a) - order(b)) };
}

/** Writes a record so that an interruption leaves the old file or the new one. */
export function saveRecord(file: string, record: StudyRecord): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, `${JSON.stringify(record, null, 1)}\n`);
  renameSync(`${file}.part`, file);
}
