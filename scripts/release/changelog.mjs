/** The first heading of a changelog that has notes of no release yet. */
const unreleased = /^## (?:(\d+\.\d+\.\d+) \(unreleased\)|Unreleased)$/m;

/**
 * The notes of the next release.
 * @param {string} changelog
 * @returns {string | undefined} undefined where there are none
 */
export function nextNotes(changelog) {
  const heading = unreleased.exec(changelog);
  if (heading === null || changelog.search(/^## /m) !== heading.index) return undefined;
  const [notes = ''] = changelog.slice(heading.index + heading[0].length).split(/^## /m);
  return notes.trim() === '' ? undefined : notes.trim();
}

/**
 * The changelog with these notes under the version and its day.
 *
 * @param {string} changelog
 * @param {string} version
 * @param {string} day as 2026-11-28
 */
export function withRelease(changelog, version, day) {
  return changelog.replace(unreleased, `## ${version} (${day})`);
}
