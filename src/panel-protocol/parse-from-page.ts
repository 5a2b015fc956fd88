import { readExplainedLayer } from './core/explain';
import { isBlurFilterName, isBlurPadding } from './core/filters';
import type { WantedFix } from './fixes';
import type { FromPage } from './from-page';
import type { StudyName } from './studies/table';

/** Longer names are those of no layer and no rule. */
const longestName = 4096;

const studies: Readonly<Record<StudyName, true>> = { equivariance: true, consistency: true, compare: true, advice: true };

/**
 * What the page has sent, looked at before anything is done: the page shows what a file says, so whoever writes the file might come to
 * speak for it. Undefined for anything but a message of the protocol; of `choices` the reader of choices takes what makes sense.
 */
export function messageFromPage(message: unknown): FromPage | undefined {
  if (!isObject(message)) return undefined;
  const { kind, layer, study, rule, wanted, choices, folder, explained } = message;
  switch (kind) {
    case 'ready':
    case 'undo-fix':
    case 'cancel-features':
    case 'choose-image':
    case 'use-pattern':
    case 'choose-folder':
    case 'show-network':
      return { kind };
    case 'reveal-layer':
    case 'show-facts':
    case 'show-weights':
      return isName(layer) ? { kind, layer } : undefined;
    case 'ignore':
      return isName(rule) && (layer === null || isName(layer)) ? { kind, rule, layer } : undefined;
    case 'fix': {
      const fix = wantedFix(message['fix']);
      return fix && { kind, fix };
    }
    case 'fix-and-recover': {
      const fix = wantedFix(message['fix']);
      return fix !== undefined && (folder === 'asked' || folder === 'studied') ? { kind, fix, folder } : undefined;
    }
    case 'start':
    case 'cancel':
    case 'export':
      return isStudy(study) ? { kind, study } : undefined;
    case 'open-docs':
      return isName(rule) ? { kind, rule } : undefined;
    case 'explain': {
      const read = readExplainedLayer(explained);
      return read === undefined ? undefined : { kind, explained: read };
    }
    case 'choose':
      return isObject(choices) ? { kind, choices } : undefined;
    case 'show-features': {
      if (!isObject(wanted)) return undefined;
      const { layer: name, shift, first } = wanted;
      return isName(name) && isShift(shift) && isWhole(first) && first >= 0 ? { kind, wanted: { layer: name, shift, first } } : undefined;
    }
    default:
      return undefined;
  }
}

/** More layers than a model may have are no list of a user's. */
const mostLayers = 100_000;

function wantedFix(value: unknown): WantedFix | undefined {
  if (!isObject(value)) return undefined;
  const { layers, blur } = value;
  if (layers !== null && !isNames(layers)) return undefined;
  if (blur === null) return { layers, blur };
  if (!isObject(blur)) return undefined;
  const { filter, border } = blur;
  return typeof filter === 'string' && isBlurFilterName(filter) && isBlurPadding(border) ? { layers, blur: { filter, border } } : undefined;
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= mostLayers && value.every(isName);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestName;
}

function isStudy(value: unknown): value is StudyName {
  return typeof value === 'string' && Object.hasOwn(studies, value);
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && Math.abs(Number(value)) <= 2 ** 31;
}

function isShift(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(isWhole);
}
