import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { nextNotes, withRelease } from './changelog.mjs';
import { surfaceOf, unnamed, visibleChanges } from './surface.mjs';

/** Why there is no release, as full sentences. */
export class ReleaseError extends Error {}

/**
 * @typedef {object} Wanted
 * @property {string} folder the repository
 * @property {string} version
 * @property {string} day
 * @property {boolean} isPreRelease
 * @property {boolean} isTrial says what would be done, and does nothing
 * @property {() => void} makePackages
 */

/**
 * Makes a release: the version in every file that names it, the notes under it, the packages, one commit and its tag. Where something
 * fails, the files are as they were, and there is no commit and no tag.
 *
 * @param {Wanted} wanted
 * @returns {readonly string[]} what was done, or would be, a sentence a line
 */
export function release({ folder, version, day, isPreRelease, isTrial, makePackages }) {
  /** @param {readonly string[]} words */
  const git = (...words) => execFileSync('git', words, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  requireVersion(version, isPreRelease);
  if (git('status', '--porcelain') !== '') throw new ReleaseError('There are changes that are not committed.');
  if (git('tag', '--list', `v${version}`) !== '') throw new ReleaseError(`There is a tag v${version} already.`);
  const [last] = git('tag', '--list', 'v*', '--sort=-version:refname').split('\n');
  if (last !== undefined && last !== '' && !isLater(version, last.slice(1)))
    throw new ReleaseError(`${version} is not later than ${last}.`);
  const changes = requireNotes(folder, last === '' ? undefined : last, git);
  const files = newTexts(folder, version, day);
  const done = [
    last === undefined || last === ''
      ? 'No release before: notes are compared with nothing.'
      : `${changes} visible changes since ${last}, all named in the notes.`,
    `${version} in ${[...files.keys()].join(', ')}.`,
  ];
  if (isTrial) return [...done, `Nothing was written, packaged, committed or tagged: this was a trial.`];
  const before = new Map([...files.keys()].map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]));
  try {
    writeAll(folder, files);
    makePackages();
    git('add', '--', ...files.keys());
    git('commit', '--quiet', '--message', `Release ${version}`);
  } catch (error) {
    git('reset', '--quiet');
    writeAll(folder, before);
    throw error;
  }
  git('tag', '--annotate', `v${version}`, '--message', nextNotes(before.get('CHANGELOG.md') ?? '') ?? version);
  return [...done, `Packaged, committed and tagged as v${version}: push it by git push --follow-tags.`];
}

/**
 * The gallery tells pre-releases by their number alone.
 * @param {string} version
 * @param {boolean} isPreRelease
 */
function requireVersion(version, isPreRelease) {
  const minor = /^\d+\.(\d+)\.\d+$/.exec(version)?.[1];
  if (minor === undefined) throw new ReleaseError(`A version is MAJOR.MINOR.PATCH, not "${version}".`);
  if ((Number(minor) % 2 === 1) !== isPreRelease)
    throw new ReleaseError(
      `Releases have an even minor number and pre-releases an odd one, and ${version} is meant as a ${isPreRelease ? 'pre-release' : 'release'}.`,
    );
}

/**
 * @param {string} version
 * @param {string} other
 */
function isLater(version, other) {
  const [a, b] = [version, other].map((text) => text.split('.').map(Number));
  const place = [0, 1, 2].find((index) => a?.[index] !== b?.[index]);
  return place !== undefined && (a?.[place] ?? 0) > (b?.[place] ?? 0);
}

/**
 * @param {string} folder
 * @param {string | undefined} last
 * @param {(...words: readonly string[]) => string} git
 * @returns {number} how many changes there are
 */
function requireNotes(folder, last, git) {
  const notes = nextNotes(readFileSync(path.join(folder, 'CHANGELOG.md'), 'utf8'));
  if (notes === undefined) throw new ReleaseError('CHANGELOG.md does not begin with notes that are unreleased.');
  if (last === undefined) return 0;
  const before = surfaceOf((file) => (git('ls-tree', '--name-only', last, '--', file) === '' ? undefined : git('show', `${last}:${file}`)));
  const after = surfaceOf((file) => (existsSync(path.join(folder, file)) ? readFileSync(path.join(folder, file), 'utf8') : undefined));
  const changes = visibleChanges(before, after);
  const missing = unnamed(notes, changes).map(({ what, names }) => `  ${what}: ${names[0] ?? ''}`);
  if (missing.length > 0) throw new ReleaseError(`CHANGELOG.md does not name what has changed since ${last}:\n${missing.join('\n')}`);
  return changes.length;
}

/**
 * Every file that names the version, with the new one.
 *
 * @param {string} folder
 * @param {string} version
 * @param {string} day
 * @returns {ReadonlyMap<string, string>}
 */
function newTexts(folder, version, day) {
  /** @param {string} file */
  const read = (file) => readFileSync(path.join(folder, file), 'utf8');
  const manifest = JSON.parse(read('package.json'));
  const lock = JSON.parse(read('package-lock.json'));
  const pages = readdirSync(path.join(folder, 'docs/pipelines')).map((name) => `docs/pipelines/${name}`);
  /** @type {[string, string][]} */
  const texts = [
    ['package.json', json({ ...manifest, version })],
    ['package-lock.json', json({ ...lock, version, packages: { ...lock.packages, '': { ...lock.packages[''], version } } })],
    ['CHANGELOG.md', withRelease(read('CHANGELOG.md'), version, day)],
    ...['Dockerfile', ...pages].map((file) => /** @type {[string, string]} */ ([file, naming(read(file), version)])),
  ];
  return new Map(texts.filter(([file, text]) => text !== read(file)));
}

/**
 * A text in which our package, action, image and tag have the version: `shiftlint@1.2.3`, `shiftlint@v1.2.3`, `shiftlint:1.2.3`.
 * @param {string} text
 * @param {string} version
 */
function naming(text, version) {
  return text.replace(/(shiftlint(?:@v?|:)|SHIFTLINT_VERSION=|^ +rev: v)\d+\.\d+\.\d+/gm, `$1${version}`);
}

/**
 * As npm writes it.
 * @param {unknown} value
 */
function json(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/**
 * @param {string} folder
 * @param {ReadonlyMap<string, string>} files
 */
function writeAll(folder, files) {
  for (const [file, text] of files) writeFileSync(path.join(folder, file), text);
}
