import { cpSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { GrammarFile } from '../../src/code/session';
import { CodeWorkspace } from '../../src/code/workspace';
import { SourcePlaces } from '../../src/core/report/lint-report';

/** A layer with a stride above 1 that a model has built, or run, as `record.py` writes it. */
interface Recorded {
  readonly model: string;
  /** Files of the package with lines, innermost first. */
  readonly path: readonly (readonly [file: string, line: number])[];
  /** The installed library whose code builds the layer; null where the package's own or PyTorch's does. */
  readonly library?: string | null;
}

/** What `record.py` has written of a package. */
export interface Recording {
  readonly root: string;
  readonly records: readonly Recorded[];
}

/** How much of a recording the linter says. */
export interface Recall {
  /** Without those of other libraries. */
  readonly layers: number;
  /** Layers that a model of another library builds, which is not searched, by its name: no finding stands on their way. */
  readonly ofLibraries: ReadonlyMap<string, number>;
  /** Layers on whose way a finding names the stride. */
  readonly found: number;
  /** Layers of which only `dynamic-stride` says that they may have one. */
  readonly dynamic: number;
  /** The ways of the others, with how many layers each. */
  readonly missed: ReadonlyMap<string, number>;
  /** Files that were not judged whole, with the reason. */
  readonly notices: readonly string[];
}

interface Lines {
  readonly from: number;
  readonly to: number;
  readonly isDynamic: boolean;
}

/**
 * Judges every file on the way of a recorded layer, as an editor in whose workspace the package lies.
 *
 * @param copy a folder for a copy of the package: what lies among installed libraries is not followed
 */
export async function recallOf(recording: Recording, copy: string): Promise<Recall> {
  const root = path.join(copy, path.basename(recording.root));
  rmSync(root, { recursive: true, force: true });
  cpSync(recording.root, root, { recursive: true, filter: (file) => !/\.(?:so|pyc|pth|pt)$/.test(file) });
  const workspace = await CodeWorkspace.create(grammar);
  const notices: string[] = [];
  const found = new Map<string, readonly Lines[]>();
  for (const file of new Set(recording.records.flatMap((one) => one.path.map(([name]) => name)))) {
    const judged = await judge(workspace, path.join(root, file), copy);
    found.set(file, judged.lines);
    notices.push(...judged.notices.map((notice) => `${file}: ${notice}`));
  }
  workspace.session.dispose();
  return { ...counted(recording.records, found), notices };
}

async function judge(workspace: CodeWorkspace, file: string, root: string): Promise<{ lines: Lines[]; notices: string[] }> {
  const text = readFileSync(file, 'utf8');
  const place = { file: file.replaceAll('\\', '/'), root: root.replaceAll('\\', '/') };
  await workspace.open({ document: file, language: 'python', text, place });
  const { findings, notices } = workspace.session.judge(file, { severities: { 'dynamic-stride': 'hint' } });
  workspace.close({ document: file });
  const places = new SourcePlaces(text);
  return {
    lines: findings.map(({ range, rule }) => ({
      from: places.at(range.start).line,
      to: places.at(range.end).line,
      isDynamic: rule === 'dynamic-stride',
    })),
    notices: notices.map(({ message }) => message),
  };
}

function counted(records: readonly Recorded[], found: ReadonlyMap<string, readonly Lines[]>): Omit<Recall, 'notices'> {
  const missed = new Map<string, number>();
  const ofLibraries = new Map<string, number>();
  let [certain, dynamic] = [0, 0];
  for (const { path: way, library = null } of records) {
    const hits = way.flatMap(([file, line]) => (found.get(file) ?? []).filter(({ from, to }) => from <= line && line <= to));
    if (hits.some(({ isDynamic }) => !isDynamic)) certain++;
    else if (hits.length > 0) dynamic++;
    else if (library !== null) ofLibraries.set(library, (ofLibraries.get(library) ?? 0) + 1);
    else {
      const name = way.slice(0, 4).map((step) => step.join(':'));
      missed.set(name.join(' < '), (missed.get(name.join(' < ')) ?? 0) + 1);
    }
  }
  const elsewhere = [...ofLibraries.values()].reduce((sum, count) => sum + count, 0);
  return { layers: records.length - elsewhere, ofLibraries, found: certain, dynamic, missed };
}

const require = createRequire(path.join(process.cwd(), 'package.json'));

function grammar(file: GrammarFile): Promise<Uint8Array> {
  const name = file.replace(/\.wasm$/, '').replace(/-tsx$/, '-typescript');
  const folder = path.dirname(name === 'web-tree-sitter' ? require.resolve(name) : require.resolve(`${name}/package.json`));
  return readFile(path.join(folder, file));
}
