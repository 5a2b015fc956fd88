import { stat } from 'node:fs/promises';
import path from 'node:path';
import picomatch from 'picomatch';
import { defaultExclude } from '../core/config/default-exclude';
import { parseProjectConfig, projectConfigName, type ProjectConfig } from '../core/config/project-config';
import type { AxisPair } from '../core/graph/model-graph';
import type { LintOptions } from '../core/lint/lint-options';
import { limits } from '../core/limits';
import { ModelError } from '../core/model-error';
import { blurFilter, type OfferedFilter } from '../core/rewrite/filters';
import { readRegularFile } from '../engine/input/regular-file';
import type { ParsedWords } from './command';
import { sizeOf } from './options';

/** The choices that hold for a file: those of the nearest `shiftlint.json` in its folder or above. */
export class ProjectConfigFiles {
  private readonly known = new Map<string, Promise<PlacedConfig | undefined>>();

  /** @throws ModelError where the file is there but cannot be read or says something invalid */
  async configFor(file: string): Promise<ProjectConfig> {
    return (await this.nearest(path.dirname(path.resolve(file))))?.config ?? { rules: {}, ignoreLayers: [] };
  }

  /**
   * True where the nearest `shiftlint.json` excludes a file below a named folder, or the defaults do where that says nothing of it. A
   * `shiftlint.json` that cannot be used excludes no more than they do, and judging the file says why.
   */
  async isExcluded(file: string, folder: string): Promise<boolean> {
    const absolute = path.resolve(file);
    const placed = await this.nearest(path.dirname(absolute)).catch(() => undefined);
    const { exclude = defaultExclude } = placed?.config ?? {};
    const home = placed?.config.exclude === undefined ? path.resolve(folder) : placed.folder;
    return exclude.length > 0 && picomatch.isMatch(path.relative(home, absolute).split(path.sep).join('/'), [...exclude], { dot: true });
  }

  private nearest(folder: string): Promise<PlacedConfig | undefined> {
    const known = this.known.get(folder);
    if (known !== undefined) return known;
    const found = this.find(folder);
    this.known.set(folder, found);
    return found;
  }

  private async find(folder: string): Promise<PlacedConfig | undefined> {
    const file = path.join(folder, projectConfigName);
    if ((await stat(file).catch(() => undefined)) === undefined) {
      const above = path.dirname(folder);
      return above === folder ? undefined : this.nearest(above);
    }
    const text = new TextDecoder().decode(await readRegularFile(file, limits.textBytes.most));
    const { config, problems } = parseProjectConfig(text);
    if (problems.length > 0) throw new ModelError('malformed', `"${file}" cannot be used: ${problems.join(' ')}`);
    return { folder, config };
  }
}

interface PlacedConfig {
  readonly folder: string;
  readonly config: ProjectConfig;
}

/** The image size for a model that leaves its own open: the command line's, else the project's. @throws UsageError, ModelError */
export async function imageSizeFor(file: string, parsed: ParsedWords, configs = new ProjectConfigFiles()): Promise<AxisPair | undefined> {
  return sizeOf(parsed) ?? (await configs.configFor(file)).imageSize;
}

/** The part of a configuration that the linter takes. @param overrides the command line's own words, which win */
export function lintOptions(
  config: ProjectConfig,
  overrides: Pick<ProjectConfig, 'defaultFilter' | 'padding' | 'splitStride'> = {},
): LintOptions & { readonly filter: OfferedFilter } {
  const { defaultFilter, padding, splitStride } = { ...config, ...overrides };
  return {
    severities: config.rules,
    ignoreLayers: config.ignoreLayers,
    filter: blurFilter(defaultFilter ?? 'tri-3'),
    plan: { ...(padding !== undefined && { padding }), ...(splitStride !== undefined && { splitStride }) },
  };
}
