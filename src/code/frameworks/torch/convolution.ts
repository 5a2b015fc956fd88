import { t } from '@vscode/l10n';
import type { Change } from '../../fix/change';
import { ownName, refuse, type Draft, type Workplace } from '../../fix/draft';
import { activationTitle, certainActivation } from '../../fix/placement/activation';
import { applicationsOf } from '../../fix/placement/application';
import { isPlainCallee } from '../../fix/placement/arguments';
import { canName, takeStride } from '../../fix/placement/stride';
import { lastNameOf } from '../../fix/syntax/calls';
import { rangeOf } from '../../fix/syntax/nodes';
import { strideLabel } from '../../fix/wording';
import { filterArgument } from '../../fix/recipes/blur-writer';
import { throughAttribute } from '../../fix/recipes/convolution';
import { libraryBlur } from './library';
import { sequenceBeside } from './sequence';
import { blurLayer, template } from './writer';

/** A convolution of torch.nn: a blur behind its activation, or the convolution that blurs by itself. */
export function blurLayerConvolution(work: Workplace): Draft {
  const { site } = work;
  return (
    behindActivation(work) ??
    blurringConvolution(work) ??
    aroundApplications(work) ??
    refuse(t`Which layer ${site.callee} stands for is decided elsewhere, so only that place can be changed.`)
  );
}

function behindActivation(work: Workplace): Draft | null {
  const activation = certainActivation(work);
  const stride = takeStride(work);
  if (activation === null || activation.kind === 'own' || stride === null) return null;
  const { node } = activation;
  const library = libraryBlur(work, stride);
  const layer = library ?? blurLayer(work, stride.text);
  const needed = library === null ? template : null;
  const title = activationTitle(node);
  if (activation.kind === 'applied') {
    const draft = throughAttribute({ work, template: needed, stride }, layer, [node], { title });
    return draft !== null && draft.ok ? { ...draft, title: draft.title + (library?.remark ?? '') } : draft;
  }
  const sequence = sequenceBeside(work, node);
  if (sequence === null || !canName(work, stride, node)) return null;
  const wrap: Change = { kind: 'wrap', range: rangeOf(node), before: `${sequence}(`, after: `, ${layer.text})` };
  const blur = t`${layer.name.exported} (${work.context.filter.label}), ${strideLabel(work.finding)}`;
  return {
    ok: true,
    title: t`Blur after ${title}: ${blur}` + (library?.remark ?? ''),
    changes: [...stride.removal, wrap],
    names: [layer.name],
    template: needed,
  };
}

/** `BlurConv2d`, which is a Conv2d with the same parameters and keys. */
function blurringConvolution(work: Workplace): Draft | null {
  const { site, call, finding, context } = work;
  if (!/\.Conv[123]d$/.test(site.callable.path) || !isPlainCallee(work)) return null;
  const name = ownName(work, template, `BlurConv${site.callable.dimensions}d`);
  const changes: Change[] = [{ kind: 'replace', range: rangeOf(call.callee), text: name.local }];
  const last = call.arguments.at(-1);
  const filter = filterArgument(work);
  if (filter !== '' && last !== undefined) changes.push({ kind: 'insert', offset: last.node.endIndex, text: filter });
  const isPointwise = finding.rule === 'strided-pointwise-conv';
  const { label } = context.filter;
  const behind =
    site.activations.length === 0
      ? t`Replace by ${name.exported} (${label}): blurs directly after the convolution (no activation found behind it)`
      : t`Replace by ${name.exported} (${label}): blurs directly after the convolution`;
  return {
    ok: true,
    title: isPointwise ? t`Replace by ${name.exported} (${label}): blurs before the 1x1 convolution` : behind,
    changes,
    names: [name],
    template,
  };
}

/** A convolution that has no drop-in, such as a lazy one: the blur runs beside it. */
function aroundApplications(work: Workplace): Draft | null {
  const stride = takeStride(work);
  const applications = applicationsOf(work);
  if (stride === null || applications === null) return null;
  const places = applications.map(({ node }) => node);
  const called = { title: lastNameOf(work.call.callee), isDirect: true };
  return throughAttribute({ work, template, stride }, blurLayer(work, stride.text), places, called);
}
