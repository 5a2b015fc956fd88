import { t } from '@vscode/l10n';
import { parse, type ParseError } from 'jsonc-parser';
import { parseImageSize } from '../graph/image-size';
import type { AxisPair } from '../graph/model-graph';
import type { LayerSuppression } from '../lint/suppression';
import { blurFilterNames, isBlurFilterName, type BlurFilterName } from '../rewrite/filters';
import { isRuleId, type RuleId } from '../rules/registry';
import { severityChoices, type Severity } from '../rules/rule';

/** Name of the file that holds a project's choices, for the editor and the command line alike. */
export const projectConfigName = 'shiftlint.json';

/** What a `shiftlint.json` says; what it leaves out is left to the editor's settings and the defaults. */
export interface ProjectConfig {
  readonly rules: Readonly<Partial<Record<RuleId, Severity | 'off'>>>;
  readonly ignoreLayers: readonly LayerSuppression[];
  /** Globs of files that are not judged, relative to the folder of the file; absent where the defaults hold. */
  readonly exclude?: readonly string[];
  readonly defaultFilter?: BlurFilterName;
  readonly padding?: 'reflect' | 'zero';
  readonly splitStride?: boolean;
  /** That models which leave theirs open are judged, fixed and measured for. */
  readonly imageSize?: AxisPair;
}

/** The file's valid parts, and one full sentence about each invalid one. */
export interface ParsedProjectConfig {
  readonly config: ProjectConfig;
  readonly problems: readonly string[];
  /** Keys whose values are invalid, and their problems. */
  readonly invalid: ReadonlyMap<string, string>;
}

/** What each key may hold; answers with the value, or with a clause that says what it should be. */
type Check<Value> = (value: unknown) => { readonly value: Value } | string;

/** Reads a `shiftlint.json`; comments and trailing commas are allowed. Never throws. */
export function parseProjectConfig(text: string): ParsedProjectConfig {
  const errors: ParseError[] = [];
  const root: unknown = parse(text, errors, { allowTrailingComma: true });
  const empty: ProjectConfig = { rules: {}, ignoreLayers: [] };
  if (errors.length > 0)
    return {
      config: empty,
      problems: [t`It is no valid JSON (first problem at character ${errors[0]?.offset ?? 0}).`],
      invalid: new Map(),
    };
  if (!isObject(root)) return { config: empty, problems: [t('It holds no object.')], invalid: new Map() };
  const invalid = new Map<string, string>();
  const read = <Value>(key: string, check: Check<Value>): Value | undefined => {
    if (root[key] === undefined) return undefined;
    const result = check(root[key]);
    if (typeof result !== 'string') return result.value;
    invalid.set(key, t`"${key}" ${result}.`);
    return undefined;
  };
  const defaultFilter = read('defaultFilter', filterName);
  const padding = read('padding', paddingName);
  const splitStride = read('splitStride', flag);
  const exclude = read('exclude', globs);
  const imageSize = read('imageSize', size);
  const config: ProjectConfig = {
    rules: read('rules', ruleSeverities) ?? {},
    ignoreLayers: read('ignoreLayers', suppressions) ?? [],
    ...(exclude !== undefined && { exclude }),
    ...(defaultFilter !== undefined && { defaultFilter }),
    ...(padding !== undefined && { padding }),
    ...(splitStride !== undefined && { splitStride }),
    ...(imageSize !== undefined && { imageSize }),
  };
  const known = ['$schema', 'rules', 'ignoreLayers', 'exclude', 'defaultFilter', 'padding', 'splitStride', 'imageSize'];
  const unknown = Object.keys(root).filter((key) => !known.includes(key));
  return { config, problems: [...invalid.values(), ...unknown.map((key) => t`"${key}" is no key of this file.`)], invalid };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const filterName: Check<BlurFilterName> = (value) =>
  typeof value === 'string' && isBlurFilterName(value) && value !== 'identity'
    ? { value }
    : t`must be one of ${blurFilterNames.filter((name) => name !== 'identity').join(', ')}`;

const paddingName: Check<'reflect' | 'zero'> = (value) =>
  value === 'reflect' || value === 'zero' ? { value } : t('must be "reflect" or "zero"');

const flag: Check<boolean> = (value) => (typeof value === 'boolean' ? { value } : t('must be true or false'));

const size: Check<AxisPair> = (value) => {
  const parsed = typeof value === 'string' ? parseImageSize(value) : undefined;
  return parsed === undefined ? t('must be HEIGHTxWIDTH in pixels, such as "224x320"') : { value: parsed };
};

const globs: Check<readonly string[]> = (value) =>
  Array.isArray(value) && value.every((glob): glob is string => typeof glob === 'string' && glob !== '')
    ? { value }
    : t('must be a list of globs');

const ruleSeverities: Check<ProjectConfig['rules']> = (value) => {
  if (!isObject(value)) return t('must be an object of rules and severities');
  for (const [rule, severity] of Object.entries(value)) {
    if (!isRuleId(rule)) return t`names "${rule}", which is no rule`;
    if (!(severityChoices as readonly unknown[]).includes(severity))
      return t`gives "${rule}" a severity that is none of ${severityChoices.join(', ')}`;
  }
  return { value };
};

const suppressions: Check<readonly LayerSuppression[]> = (value) => {
  if (!Array.isArray(value)) return t('must be a list of { "layers": …, "rules": […] }');
  const entries: LayerSuppression[] = [];
  for (const entry of value as readonly unknown[]) {
    const layers = isObject(entry) ? entry['layers'] : undefined;
    const rules = isObject(entry) ? entry['rules'] : undefined;
    if (typeof layers !== 'string' || layers === '') return t('must name layers in each of its entries');
    if (rules !== undefined && !(Array.isArray(rules) && rules.every(isRuleId))) return t`lists rules for "${layers}" of which one is none`;
    entries.push(rules === undefined ? { layers } : { layers, rules });
  }
  return { value: entries };
};
