import { ownLibrary } from '../finding';
import { foreignLibraries } from '../frameworks/registry';

/** Whose BlurPool fixes can use: our own module's, or a library's. */
export const blurLibraries: readonly string[] = [ownLibrary, ...foreignLibraries.map(({ name }) => name)];

/** Libraries that are used without being asked for where a project has them already, the first one first. */
const welcome = foreignLibraries.filter(({ isWelcome }) => isWelcome).map(({ name }) => name);

/** Files in which Python projects name what they need. */
export const requirementFiles = '**/{requirements*.txt,pyproject.toml,setup.py,setup.cfg,environment.yml,environment.yaml,Pipfile}';

/** The library that a document imports itself. */
export function importedLibrary(text: string): string | undefined {
  return welcome.find((library) => new RegExp(`^[ \\t]*(?:from|import)[ \\t]+${library}\\b`, 'm').test(text));
}

/** The library that a project's requirements name, comments left out. */
export function requiredLibrary(requirements: readonly string[]): string | undefined {
  const stated = requirements.map((text) => text.replaceAll(/(?:^|\s)#.*$/gm, ''));
  return welcome.find((library) => {
    const name = new RegExp(`(?<![\\w.-])${library}(?![\\w-]|\\.\\w)`);
    return stated.some((text) => name.test(text));
  });
}
