import { t } from '@vscode/l10n';
import type { Node } from 'web-tree-sitter';
import type { CodeDocument } from '../../document';
import type { FixContext } from '../../finding';
import { frameworkNamed } from '../../frameworks/registry';
import { isSlice } from '../../frameworks/slice';
import type { JudgedSite } from '../../judge/judge';
import { refuse, type Draft } from '../draft';
import { binomialSize, isDefault, tapsText } from '../filter';
import type { BlurNames } from '../imports/blur-names';
import { childrenOf, nodeAt } from '../syntax/nodes';
import { strideLabel } from '../wording';

const reasons = {
  blur: t('The blur is there already: widen its filter, or move it behind the activation.'),
  'space-to-depth': t(
    'Nothing is lost here, so there is no stride that a blur could take over. Blur the map in front of it at stride 1, or train with shifted images.',
  ),
  resize: t(
    'A blur keeps another number of samples than this resize where the size is odd. Interpolate linearly with antialias, or blur in front of it.',
  ),
  subsample: t(
    'A window that is unfolded has no layer in whose place a blur could stand. Unfold at stride 1 and blur what is computed from it.',
  ),
} as const;

/** What becomes of a layer that picks, resizes or rearranges samples, and of a blur; null for all other layers. */
export function draftSampling(document: CodeDocument, judged: JudgedSite, context: FixContext, names: BlurNames): Draft | null {
  const { site, finding } = judged;
  const { role } = site.callable;
  if (finding.rule === 'space-to-depth') return refuse(reasons['space-to-depth']);
  if (role === 'blur' || role === 'resize') return refuse(reasons[role]);
  if (role !== 'subsample') return null;
  return isSlice(site.callable) ? draftSlice(document, judged, context, names) : refuse(reasons.subsample);
}

/** `x[:, :, ::2, ::2]` becomes `blur_pool2d(x, stride=2)`, which keeps as many samples at the same places. */
function draftSlice(document: CodeDocument, { site, finding }: JudgedSite, context: FixContext, names: BlurNames): Draft {
  const node = nodeAt(document.syntaxTree.rootNode, site.range);
  const [object, ...index] = node?.type === 'subscript' ? childrenOf(node) : [];
  const { slices: writer, table } = frameworkNamed(site.framework);
  const template = writer?.template(document.text);
  const specifier = template === undefined ? undefined : context.specifiers[template];
  if (object === undefined || writer === null || template === undefined || specifier === undefined)
    return refuse(t('The slice is not written as one expression of a map.'));
  const steps = plainSteps(index, table.channelsFirst);
  if (steps === null)
    return refuse(
      t('A blur keeps whole maps from their first sample on, so only a slice that begins there and cuts nothing else is replaced.'),
    );
  const name = names.from(specifier, writer.name(steps.length));
  const stride = new Set(steps).size === 1 ? (steps[0] ?? '') : `(${steps.join(', ')})`;
  const size = binomialSize(context.filter);
  const filter = isDefault(context.filter) ? '' : size === null ? `, taps=${tapsText(context.filter)}` : `, filter_size=${size}`;
  const text = `${name.local}(${object.text}, ${writer.stride}=${stride}${filter})`;
  return {
    ok: true,
    title: t`Replace the slice by ${name.exported} (${context.filter.label}), ${strideLabel(finding)}`,
    changes: [{ kind: 'replace', range: site.range, text }],
    names: [name],
    template,
  };
}

/** The steps over the image axes of an index that takes all else whole; null for any other. */
function plainSteps(index: readonly Node[], channelsFirst: boolean): readonly string[] | null {
  const texts = index.map(({ text }) => text.replace(/\s+/g, ''));
  const before = texts[0] === '...' ? 1 : channelsFirst ? 2 : 1;
  const image = channelsFirst ? texts.slice(before) : texts.slice(before, -1);
  const whole = channelsFirst ? texts.slice(0, before) : [...texts.slice(0, before), texts.at(-1)];
  if (image.length === 0 || image.length > 3 || !whole.every((text) => text === ':' || text === '...')) return null;
  if (texts[0] === '...' && image.length !== 2) return null;
  const steps = image.map((text) => (text === ':' ? '1' : /^0?::(.+)$/.exec(text)?.[1]));
  return steps.every((step) => step !== undefined) ? steps : null;
}
