import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import picomatch from 'picomatch';
import { importedLibrary, requiredLibrary, requirementFiles } from '../../code/blur-modules/library';
import { moduleText, placeModules, type ModuleFile, type PlacedModule } from '../../code/blur-modules/modules';
import type { PlacementFiles } from '../../code/blur-modules/placement';
import { ownLibrary } from '../../code/finding';
import { isNotebook } from '../../code/notebooks/notebook';
import { folderOf } from '../../code/project-files';
import { readRegularFile } from '../../engine/input/regular-file';
import { filesBelow } from './files-below';
import type { SourceUnit } from './source-units';

/** A file that names requirements is short, and a project has few. */
const mostRequirements = { files: 50, bytes: 1 << 20 };

/** Our BlurPool modules for the files of a command line: where they are or will be, by the rules of the editor. */
export class ModulePlaces {
  private readonly listings = new Map<string, Promise<readonly string[]>>();
  private readonly libraries = new Map<string, Promise<string | undefined>>();
  private readonly planned = new Map<string, string>();

  /** Modules that are to be made, with their text. */
  get made(): ReadonlyMap<string, string> {
    return this.planned;
  }

  /** Places every module that a source may need, by the name of its template. @param root the folder of the project around it */
  place(file: string, unit: SourceUnit, root: string): Promise<Readonly<Record<string, PlacedModule>>> {
    const { language, text } = unit;
    const source = {
      ...{ file, folder: folderOf(file), hasFile: !isNotebook(file), language, text },
      isTypeScript: /\.[cm]?tsx?$/.test(file) || (unit.notebook !== undefined && language === 'typescript'),
    };
    return placeModules(source, this.filesIn(root));
  }

  /** Lets a module be made; false where it is there. */
  async plan(module: ModuleFile): Promise<boolean> {
    if (this.planned.has(module.path)) return true;
    if (module.exists) return false;
    const template = await readFile(path.join(__dirname, 'templates', module.template), 'utf8');
    this.planned.set(module.path, moduleText(module, template));
    return true;
  }

  /** The library whose BlurPool a source or its project uses already; else our own module. */
  async libraryOf({ language, text }: SourceUnit, root: string): Promise<string> {
    if (language !== 'python') return ownLibrary;
    return importedLibrary(text) ?? (await this.requiredIn(root)) ?? ownLibrary;
  }

  private requiredIn(root: string): Promise<string | undefined> {
    const known = this.libraries.get(root) ?? this.readRequired(root);
    this.libraries.set(root, known);
    return known;
  }

  private async readRequired(root: string): Promise<string | undefined> {
    const isRequirements = picomatch(requirementFiles);
    const files = (await this.listing(root)).filter((file) => isRequirements(path.posix.relative(root, file)));
    const texts = files
      .slice(0, mostRequirements.files)
      .map((file) => readRegularFile(file, mostRequirements.bytes).then(decoded, () => ''));
    return requiredLibrary(await Promise.all(texts));
  }

  private filesIn(root: string): PlacementFiles {
    return {
      namesIn: async (folder) => {
        const names = await readdir(folder).catch((): string[] => []);
        const made = [...this.planned.keys()].filter((place) => folderOf(place) === folder);
        return new Set([...names, ...made.map((place) => path.posix.basename(place))]);
      },
      firstLine: async (place) => {
        const text = this.planned.get(place) ?? (await readRegularFile(place).then(decoded, () => ''));
        return text.slice(0, 200).split('\n', 1)[0] ?? '';
      },
      find: async (name) => {
        const isNamed = picomatch(name);
        return [...(await this.listing(root)), ...this.planned.keys()].filter((place) => isNamed(path.posix.basename(place)));
      },
    };
  }

  /** Everything below a folder. */
  private listing(root: string): Promise<readonly string[]> {
    const known = this.listings.get(root) ?? list(root);
    this.listings.set(root, known);
    return known;
  }
}

async function list(root: string): Promise<readonly string[]> {
  const found: string[] = [];
  // A folder that cannot be looked into has nothing that a fix could use.
  for await (const file of filesBelow(root, () => undefined)) found.push(file.split(path.sep).join('/'));
  return found;
}

function decoded(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
