import path from 'node:path';
import { ModelError, type Patch, type PatchOutcome } from '../core/formats/format';
import { applyEdits } from '../core/formats/text-edits';
import { lintGraph } from '../core/lint/linter';
import { blurFilter, blurFilterNames, isBlurFilterName, type BlurFilterName } from '../core/rewrite/filters';
import { fineTuningAdvice, type BlurPlan } from '../core/rewrite/plan';
import { planFix } from '../core/rewrite/planner';
import { atomicWrite } from './atomic-write';
import { parseWords, printJson, singleFile, UsageError, type Command } from './command';
import { openModel, type OpenedModel } from './model-file';

/** `shiftlint fix`: writes a fixed copy of a model. */
export const fixCommand: Command = {
  name: 'fix',
  usage: `fix FILE [--filter ${blurFilterNames.join('|')}] [--layer NAME]… -o OUT [--json]`,
  summary: 'Inserts BlurPool and writes the result to OUT (a file for ONNX, a folder for tfjs), weights kept.',
  async run(words) {
    const parsed = parseWords(words, {
      json: { type: 'boolean' },
      filter: { type: 'string' },
      layer: { type: 'string', multiple: true },
      output: { type: 'string', short: 'o' },
    });
    const filter = parsed.text('filter') ?? 'tri-3';
    const output = parsed.text('output');
    const wanted = parsed.list('layer');
    if (!isBlurFilterName(filter)) throw new UsageError(`There is no filter "${filter}".`);
    if (output === undefined) throw new UsageError('Say where to write the fixed model: -o OUT.');
    const model = await openModel(singleFile(parsed.positionals));
    const { plans, refused } = choosePlans(model, filter, wanted);
    const patch = await model.format.patch(model.source, plans);
    const outcomes = [...patch.outcomes, ...refused];
    const fixed = outcomes.filter((outcome) => outcome.ok);
    if (fixed.length > 0) await writePatched(model, patch, output);
    if (parsed.flag('json')) printJson(fixReport(model, filter, fixed.length > 0 ? output : null, outcomes));
    else printText(outcomes, output);
    return fixed.length > 0 && (wanted.length === 0 || fixed.length === outcomes.length) ? 0 : 1;
  },
};

type Refusal = Extract<PatchOutcome, { ok: false }>;

/** Plans for the named layers, or for every finding but those that "fix all" leaves to the user. */
function choosePlans(
  { graph }: OpenedModel,
  filterName: BlurFilterName,
  names: readonly string[],
): { readonly plans: readonly BlurPlan[]; readonly refused: readonly Refusal[] } {
  const filter = blurFilter(filterName);
  const findings = lintGraph(graph, { filter });
  const outputOf = new Map(graph.layers.flatMap((layer) => layer.outputs.map((tensor) => [tensor, layer.name] as const)));
  const plans: BlurPlan[] = [];
  const refused: Refusal[] = [];
  const refuse = (layer: string, reason: string): unknown => refused.push({ ok: false, layer, reason });
  const wanted = names.map((name) => (findings.some(({ layer }) => layer === name) ? name : (outputOf.get(name) ?? name)));
  for (const name of wanted) {
    if (!findings.some(({ layer }) => layer === name)) refuse(name, `No finding concerns a layer named "${name}".`);
  }
  for (const { layer } of findings.filter((finding) => wanted.length === 0 || wanted.includes(finding.layer))) {
    const result = planFix(graph, layer, filter);
    if (!result.ok) refuse(layer, result.reason);
    else if (wanted.length === 0 && !result.inFixAll) {
      refuse(layer, `"${layer}" convolves the image itself; blurring there is costly, so it is fixed only on request: --layer "${layer}".`);
    } else plans.push(result.plan);
  }
  return { plans, refused };
}

async function writePatched(model: OpenedModel, patch: Patch, output: string): Promise<void> {
  const weightFiles = model.graph.weightFiles ?? [];
  const folder = patch.kind === 'text' ? output : path.dirname(output);
  if (path.resolve(folder) !== model.payload.folder) await copyWeights(model, weightFiles, folder);
  if (patch.kind === 'binary') {
    await atomicWrite(output, patch.bytes);
    return;
  }
  for (const { relativePath, bytes } of patch.newFiles) await atomicWrite(path.join(folder, relativePath), bytes);
  const text = new TextDecoder().decode(model.payload.bytes);
  await atomicWrite(path.join(folder, 'model.json'), applyEdits(text, patch.edits));
}

async function copyWeights(model: OpenedModel, weightFiles: readonly string[], folder: string): Promise<void> {
  for (const relativePath of weightFiles) {
    const bytes = await model.source.readSibling(relativePath);
    if (bytes === undefined) {
      throw new ModelError('missing-weights', `"${model.source.path}" needs the weight file "${relativePath}", which does not exist.`);
    }
    await atomicWrite(path.join(folder, relativePath), bytes);
  }
}

function fixReport(model: OpenedModel, filter: BlurFilterName, output: string | null, outcomes: readonly PatchOutcome[]) {
  return {
    model: model.source.path,
    format: model.format.id,
    filter,
    output,
    fixed: outcomes.flatMap((outcome) => (outcome.ok ? [{ layer: outcome.layer, description: outcome.description }] : [])),
    refused: outcomes.flatMap((outcome) => (outcome.ok ? [] : [{ layer: outcome.layer, reason: outcome.reason }])),
  };
}

function printText(outcomes: readonly PatchOutcome[], output: string): void {
  for (const outcome of outcomes) {
    process.stdout.write(outcome.ok ? `fixed ${outcome.layer}: ${outcome.description}\n` : `left ${outcome.layer}: ${outcome.reason}\n`);
  }
  const fixed = outcomes.filter(({ ok }) => ok).length;
  process.stdout.write(
    fixed === 0
      ? 'Nothing was fixed and nothing was written.\n'
      : `${fixed} fixed, written to ${output}. ${fineTuningAdvice}\n`,
  );
}
