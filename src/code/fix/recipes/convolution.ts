import { t } from '@vscode/l10n';
import type { Node } from 'web-tree-sitter';
import type { Change } from '../change';
import { refuse, type Draft, type Workplace } from '../draft';
import { activationTitle, certainActivation } from '../placement/activation';
import { applicationsOf } from '../placement/application';
import { attributeOf, blurAttributeName, isReachable } from '../placement/attribute';
import { addBeside } from '../placement/container';
import { canName, takeStride, type TakenStride } from '../placement/stride';
import { rangeOf } from '../syntax/nodes';
import { insertStatementAfter } from '../syntax/statements';
import { strideLabel } from '../wording';
import type { BlurLayer, BlurWriter } from './blur-writer';

/** Where a title says that the blur goes. */
type Side = 'after' | 'before';

/** What gives its stride to a blur, and the module that the blur comes from. */
export interface Blurring {
  readonly work: Workplace;
  readonly template: string | null;
  readonly stride: TakenStride;
}

/** How a fix is called. */
export interface FixTitle {
  /** What the blur stands beside. */
  readonly title: string;
  /** `after` without it. */
  readonly side?: Side;
  /** True where no activation is found, which ends the title. */
  readonly isDirect?: boolean;
}

/**
 * Takes the stride out of a convolution and gives it to a blur: behind the activation where the program shows it for certain,
 * else directly behind the convolution; before a 1x1 convolution without activation, at the same result for less work.
 */
export function blurConvolution(work: Workplace, writer: BlurWriter): Draft {
  const stride = takeStride(work);
  if (stride === null) return refuse(t`The call does not show which argument of ${work.site.callee} is the stride.`);
  return behindActivation(work, writer, stride) ?? besideLayer(work, writer, stride) ?? refuse(unreached(work));
}

function unreached({ site }: Workplace): string {
  return site.applications.length === 0
    ? t`This file does not run what ${site.callee} builds, so there is no place for a blur.`
    : t`What ${site.callee} builds runs in a place that other layers share, or where its stride is not known, so there is no place for a blur.`;
}

/** Behind the activation that the program shows; null where it shows none, or the stride cannot be named there. */
function behindActivation(work: Workplace, writer: BlurWriter, stride: TakenStride): Draft | null {
  const activation = certainActivation(work);
  if (activation === null || activation.kind === 'own') return null;
  const { node } = activation;
  const title = activationTitle(node);
  if (activation.kind === 'applied') {
    const blurring = { work, template: writer.template, stride };
    return throughAttribute(blurring, writer.layer(work, stride.text), [node], { title }) ?? around(blurring, writer, [node], { title });
  }
  const layer = writer.layer(work, stride.text);
  if (layer === null || !canName(work, stride, node)) return null;
  const addition = addBeside(work, node, layer.text, 'after');
  return addition === null ? null : drafted({ work, template: writer.template, stride }, [addition], layer.name, { title });
}

/** Directly behind the layer, or before a pointwise one. */
function besideLayer(work: Workplace, writer: BlurWriter, stride: TakenStride): Draft | null {
  const { site, call } = work;
  const isOwn = site.activations[0]?.kind === 'own';
  const side: Side = work.finding.rule === 'strided-pointwise-conv' && site.activations.length === 0 ? 'before' : 'after';
  const isDirect = !isOwn && side === 'after';
  const blurring = { work, template: writer.template, stride };
  const called: FixTitle = { title: isOwn ? t`${site.callee} and its activation` : site.callee, side, isDirect };
  const layer = writer.layer(work, stride.text);
  const addition = layer === null ? null : addBeside(work, call.node, layer.text, side);
  if (layer !== null && addition !== null) return drafted(blurring, [addition], layer.name, called);
  const applications = applicationsOf(work);
  if (applications === null) return null;
  const places = applications.map(({ node, input }) => (side === 'before' ? input : node));
  if (places.includes(null)) return null;
  const nodes = places.filter((place) => place !== null);
  return throughAttribute(blurring, layer, nodes, called) ?? around(blurring, writer, nodes, called);
}

/** `self.conv1_blur = …` beside `self.conv1 = …`, and a call of it around every place. */
export function throughAttribute(blurring: Blurring, layer: BlurLayer | null, places: readonly Node[], called: FixTitle): Draft | null {
  const { work, stride } = blurring;
  // TypeScript would want the attribute declared; a blur without weights can be made where it runs.
  if (layer === null || !work.isPython) return null;
  const attribute = attributeOf(work);
  if (attribute === null || !canName(work, stride, attribute.statement) || !places.every((place) => isReachable(attribute, place)))
    return null;
  const name = blurAttributeName(attribute, work.source, work.isPython);
  const definition = insertStatementAfter(attribute.statement, `${attribute.object}.${name} = ${layer.text}`, work.source, work.isPython);
  const calls = places.map((place): Change => ({
    kind: 'wrap',
    range: rangeOf(place),
    before: `${attribute.object}.${name}(`,
    after: ')',
  }));
  return drafted(blurring, [definition, ...calls], layer.name, called);
}

/** A blur written around every place. */
function around(blurring: Blurring, writer: BlurWriter, places: readonly Node[], called: FixTitle): Draft | null {
  const { work, stride } = blurring;
  const blur = places.every((place) => canName(work, stride, place)) ? writer.around(work, stride.text) : null;
  if (blur === null) return null;
  const { before, after, name } = blur;
  const wraps = places.map((place): Change => ({ kind: 'wrap', range: rangeOf(place), before, after }));
  return drafted(blurring, wraps, name, called);
}

function drafted({ work, template, stride }: Blurring, changes: readonly Change[], name: BlurLayer['name'], called: FixTitle): Draft {
  const blur = t`${name.exported} (${work.context.filter.label}), ${strideLabel(work.finding)}`;
  return {
    ok: true,
    title: titleOf(called, blur),
    changes: [...stride.removal, ...changes],
    names: [name],
    template,
  };
}

function titleOf({ title, side = 'after', isDirect = false }: FixTitle, blur: string): string {
  if (isDirect) return t`Blur directly after ${title}: ${blur} (no activation found behind it)`;
  return side === 'before' ? t`Blur before ${title}: ${blur}` : t`Blur after ${title}: ${blur}`;
}
