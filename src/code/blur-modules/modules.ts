import { t } from '@vscode/l10n';
import { templatesOf } from '../frameworks/registry';
import type { BlurTemplate } from '../frameworks/table';
import { recoverableFramework, usesRequire } from '../imports';
import type { SourceLanguage } from '../protocol';
import { moduleStyle, placeBeside, placeModule, type ImportingDocument, type Placement, type PlacementFiles } from './placement';

/** A source that may import modules of ours; paths are absolute, with forward slashes. */
export interface ImportingSource {
  /** The source's file, or the notebook's; its name alone where it has none yet. */
  readonly file: string;
  /** Where modules go; see `ImportingDocument`. */
  readonly folder: string | null;
  readonly hasFile: boolean;
  readonly language: SourceLanguage;
  readonly isTypeScript: boolean;
  readonly text: string;
}

/** A module of ours among the user's files: one that a fix imports, or a recovery script. */
export interface ModuleFile {
  readonly path: string;
  readonly exists: boolean;
  /** File of the template. */
  readonly template: string;
  /** Package that the template imports, and the one that the module is to import in its place; null where they are the same. */
  readonly package: { readonly inTemplate: string; readonly inModule: string } | null;
}

export type PlacedModule = Placement & { readonly module: ModuleFile | null };

/** Places every module that a source of this language may need, by the name of its template. */
export async function placeModules(source: ImportingSource, files: PlacementFiles): Promise<Readonly<Record<string, PlacedModule>>> {
  // A model description imports nothing.
  if (source.language === 'yaml') return {};
  const document = importing(source);
  const entries = templatesOf(source.language === 'python' ? 'python' : 'javascript').map(async (template) => {
    const placement = await placeModule(template.module, document, files);
    return [template.module, { ...placement, module: moduleOf(placement, template, document, source) }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** The recovery script for a source's framework, beside the BlurPool module that its fixes import; null where it has none. */
export async function placeRecovery(source: ImportingSource, files: PlacementFiles): Promise<ModuleFile | null> {
  const framework = source.language === 'python' ? recoverableFramework(source.text) : undefined;
  if (framework?.recovery === undefined) return null;
  const document = importing(source);
  const placements = await Promise.all(framework.templates.map(({ module }) => placeModule(module, document, files)));
  // A framework with several modules has the one that a fix has put there.
  const placement = placements.find((placed) => placed.ok && placed.exists) ?? placements[0];
  if (placement?.ok !== true) throw new Error(t('The recovery script needs a folder to lie in: save this document first.'));
  return { ...(await placeBeside(placement.path, framework.recovery, files)), template: `${framework.recovery}.py`, package: null };
}

/** The module's text for the project that it is put into. */
export function moduleText({ package: packages }: Pick<ModuleFile, 'package'>, template: string): string {
  if (packages === null) return template;
  const quoted = (["'", '"'] as const).map((quote) => [quote + packages.inTemplate + quote, quote + packages.inModule + quote] as const);
  return quoted.reduce((written, [from, to]) => written.replaceAll(from, to), template);
}

/** The source as the placement sees it. */
function importing({ file, folder, hasFile, language, isTypeScript, text }: ImportingSource): ImportingDocument {
  const style =
    language === 'python' ? ({ extension: '.py', specifierEnding: '' } as const) : moduleStyle(file, isTypeScript, text, usesRequire(text));
  return { folder, hasFile, ...style };
}

function moduleOf(
  placement: Placement,
  template: BlurTemplate,
  { extension }: ImportingDocument,
  { text }: ImportingSource,
): ModuleFile | null {
  if (!placement.ok) return null;
  const packages = template.package && { inTemplate: template.package.inTemplate, inModule: template.package.in(text) };
  const { path, exists } = placement;
  return { path, exists, template: `${template.module}${templateEndings[extension]}`, package: packages ?? null };
}

/** Template of a module by the ending of its file. */
const templateEndings = { '.py': '.py', '.ts': '.ts', '.mts': '.ts', '.js': '.js', '.mjs': '.js', '.cjs': '.cjs' } as const;
