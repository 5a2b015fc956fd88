import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { withSlashes } from './disk-project';

/** What the `.gitignore` files of a folder and of those around it leave out; the nearest that says something of a place decides. */
export class GitIgnore {
  /** @param files nearest first */
  private constructor(private readonly files: readonly { readonly folder: string; readonly rules: Ignore }[]) {}

  /** What holds in a folder: its own file and those above, up to where its repository begins; outside of one, its own. */
  static async at(folder: string): Promise<GitIgnore> {
    const around = await foldersOfRepository(path.resolve(folder));
    let rules = new GitIgnore([]);
    for (const one of around) rules = await rules.within(one);
    return rules;
  }

  /** The same with the file of a folder below. */
  async within(folder: string): Promise<GitIgnore> {
    const text = await readFile(path.join(folder, '.gitignore'), 'utf8').catch(() => '');
    return text === '' ? this : new GitIgnore([{ folder: path.resolve(folder), rules: ignore().add(text) }, ...this.files]);
  }

  /** True of a place that Git would leave out. */
  leavesOut(place: string, isFolder: boolean): boolean {
    for (const { folder, rules } of this.files) {
      const inside = withSlashes(path.relative(folder, path.resolve(place)));
      const { ignored, unignored } = rules.test(isFolder ? `${inside}/` : inside);
      if (ignored || unignored) return ignored;
    }
    return false;
  }
}

/** The folders from the root of the repository that holds a folder down to it; the folder alone where none does. */
async function foldersOfRepository(folder: string): Promise<readonly string[]> {
  const around: string[] = [];
  for (let at = folder; ; at = path.dirname(at)) {
    around.unshift(at);
    if ((await stat(path.join(at, '.git')).catch(() => undefined)) !== undefined) return around;
    if (path.dirname(at) === at) return [folder];
  }
}
