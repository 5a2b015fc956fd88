import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The folder that Shiftlint was installed into. */
const home = path.join(__dirname, '..');

/** Its version. */
export function toolVersion(): string {
  const { version } = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8')) as { readonly version: string };
  return version;
}

/** The page of a rule; undefined where there is none. */
export function ruleHelp(rule: string): string | undefined {
  try {
    return readFileSync(path.join(home, 'docs/rules', `${rule}.md`), 'utf8');
  } catch {
    return undefined;
  }
}
