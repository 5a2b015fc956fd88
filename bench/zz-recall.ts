import { readFileSync } from 'node:fs';
import { codeSession } from '../test/unit/code/code-session';
import { DiskProject } from '../src/cli/disk-project';
import { SourcePlaces } from '../src/core/report/lint-report';
interface Rec { model: string; layer: string; stride: number[]; path: [string, number][] }
async function main(): Promise<void> {
  const [json = '', mode = 'project'] = process.argv.slice(2);
  const { root: at, records } = JSON.parse(readFileSync(json, 'utf8')) as { root: string; records: Rec[] };
  const root = at.replace(/\/$/, '');
  const session = await codeSession(mode === 'project' ? new DiskProject([root.slice(0, root.lastIndexOf('/')) ]) : null);
  const files = new Set(records.flatMap(({ path }) => path.map(([file]) => file)));
  // line spans of findings by file
  const spans = new Map<string, { from: number; to: number; dynamic: boolean }[]>();
  for (const file of files) {
    const name = `${root}/${file}`;
    const text = readFileSync(name, 'utf8');
    const list: { from: number; to: number; dynamic: boolean }[] = [];
    spans.set(file, list);
    await session.open(name, 'python', text, mode === 'project' ? name : null);
    const { findings, notices } = session.judge(name, { severities: { 'dynamic-stride': 'hint' } });
    if (notices.length > 0) console.log(file, notices.map((n) => n.message.slice(0, 120)).join());
    const places = new SourcePlaces(text);
    for (const f of findings) list.push({ from: places.at(f.range.start).line, to: places.at(f.range.end).line, dynamic: f.rule === 'dynamic-stride' });
    session.close(name);
  }
  let certain = 0, dynamic = 0; const missed = new Map<string, number>();
  for (const { path, model } of records) {
    const hits = path.flatMap(([file, line]) => (spans.get(file) ?? []).filter(({ from, to }) => from <= line && line <= to));
    if (hits.some((h) => !h.dynamic)) certain++;
    else if (hits.length > 0) dynamic++;
    else { const k = `${path[0]?.join(':')} (${model})`.replace(/ \(.*/, ''); missed.set(k, (missed.get(k) ?? 0) + 1); }
  }
  console.log(json, mode, 'instances', records.length, 'certain', certain, 'dynamic', dynamic, 'recall', ((certain + dynamic) / records.length * 100).toFixed(1), 'certain alone', (certain / records.length * 100).toFixed(1));
  for (const [k, n] of [...missed].sort((a, b) => b[1] - a[1]).slice(0, 12)) console.log('  missed', n, k);
}
void main();
