import { spawnSync } from 'node:child_process';
import { release, ReleaseError } from './release/release.mjs';
import { root } from './root.mjs';

/** Makes a release: `npm run release -- VERSION [--pre-release] [--dry-run]`. */
const words = process.argv.slice(2);
const options = words.filter((word) => word.startsWith('--'));
const [version, ...others] = words.filter((word) => !word.startsWith('--'));
const unknown = [...others, ...options.filter((option) => option !== '--pre-release' && option !== '--dry-run')];
if (version === undefined || unknown.length > 0) {
  console.error('Usage: npm run release -- VERSION [--pre-release] [--dry-run]');
  process.exit(2);
}
const isPreRelease = options.includes('--pre-release');

/** All of them, and for npm. */
function makePackages() {
  const packaging = ['scripts/package.mjs', '--all', ...(isPreRelease ? ['--pre-release'] : [])];
  if (spawnSync(process.execPath, packaging, { cwd: root, stdio: 'inherit' }).status !== 0)
    throw new ReleaseError('The packages could not be made.');
}

try {
  const day = new Date().toISOString().slice(0, 10);
  const done = release({ folder: root, version, day, isPreRelease, isTrial: options.includes('--dry-run'), makePackages });
  for (const line of done) console.log(line);
} catch (error) {
  if (!(error instanceof ReleaseError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
