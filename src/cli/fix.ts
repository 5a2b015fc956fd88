import path from 'node:path';
import { pieceBytes } from '../core/formats/byte-source';
import type { ModelSource, Patch, PatchOutcome } from '../core/formats/format';
import { ModelError } from '../core/model-error';
import { applyEdits } from '../core/formats/text-edits';
import { lintGraph } from '../core/lint/linter';
import { totalPrice } from '../core/lint/total-price';
import { selectPlans, type FixRequest } from '../core/lint/select-plans';
import { blurFilterNames, type BlurFilterName } from '../core/rewrite/filters';
import { fineTuningAdvice, type PlanPrice } from '../core/rewrite/plan';
import { priceText } from '../core/rewrite/price-text';
import type { Finding } from '../core/rules/finding';
import { atomicWrite } from '../engine/output/atomic-write';
import { parseWords, printJson, singleFile, UsageError, type Command } from './command';
import { withModel, type ModelFile } from './model-file';
import { filterNamed } from './options';
import { lintOptions, ProjectConfigFiles } from './project-config-file';

/** Bytes of a weight file copied at a time. */
const copyLength = 1 << 20;

/** `shiftlint fix`: writes a fixed copy of a model. */
export const fixCommand: Command = {
  name: 'fix',
  usage: `fix FILE [--filter ${blurFilterNames.join('|')}] [--padding reflect|zero] [--split-stride] [--layer NAME]… -o OUT [--json]`,
  summary: 'Inserts BlurPool and writes the result to OUT (a file for ONNX, a folder for tfjs), weights kept.',
  async run(words) {
    const parsed = parseWords(words, {
      json: { type: 'boolean' },
      filter: { type: 'string' },
      padding: { type: 'string' },
      'split-stride': { type: 'boolean' },
      layer: { type: 'string', multiple: true },
      output: { type: 'string', short: 'o' },
    });
    const named = parsed.text('filter');
    const filter = named === undefined ? undefined : filterNamed(named);
    const padding = parsed.text('padding');
    const output = parsed.text('output');
    const wanted = parsed.list('layer');
    if (padding !== undefined && padding !== 'reflect' && padding !== 'zero')
      throw new UsageError(`--padding takes reflect or zero, not "${padding}".`);
    if (output === undefined) throw new UsageError('Say where to write the fixed model: -o OUT.');
    const file = singleFile(parsed.positionals);
    const options = lintOptions(await new ProjectConfigFiles().configFor(file), {
      ...(filter !== undefined && { defaultFilter: filter }),
      ...(padding !== undefined && { padding }),
      ...(parsed.flag('split-stride') && { splitStride: true }),
    });
    const { outcomes, report, price } = await withModel(file, async (model) => {
      const findings = lintGraph(model, options);
      const request = requestOf(model, findings, wanted);
      const { plans, refused } = selectPlans(findings, request, (layer) => `Ask for it by --layer "${layer}".`);
      const patch = await model.patch(plans);
      const all = [...patch.outcomes, ...refused];
      const isWritten = all.some(({ ok }) => ok);
      if (isWritten) await writePatched(model, patch, output);
      const cost = totalPrice(findings, all);
      return { outcomes: all, price: cost, report: fixReport(model, options.filter.name, isWritten ? output : null, all, cost) };
    });
    const fixed = outcomes.filter((outcome) => outcome.ok);
    if (parsed.flag('json')) printJson(report);
    else printText(outcomes, output, price);
    return fixed.length > 0 && (wanted.length === 0 || fixed.length === outcomes.length) ? 0 : 1;
  },
};

/** Names may be those of layers or of the tensors that they give. */
function requestOf({ graph }: ModelFile, findings: readonly Finding[], names: readonly string[]): FixRequest {
  if (names.length === 0) return 'all';
  const outputOf = new Map(graph.layers.flatMap((layer) => layer.outputs.map((tensor) => [tensor, layer.name] as const)));
  return { layers: names.map((name) => (findings.some(({ layer }) => layer === name) ? name : (outputOf.get(name) ?? name))) };
}

async function writePatched(model: ModelFile, patch: Patch, output: string): Promise<void> {
  const weightFiles = model.graph.weightFiles ?? [];
  const folder = patch.kind === 'text' ? output : path.dirname(output);
  if (path.resolve(folder) !== model.folder) await copyWeights(model, weightFiles, folder);
  if (patch.kind === 'binary') {
    await atomicWrite(output, pieceBytes(model.source, patch.pieces));
    return;
  }
  for (const { relativePath, bytes } of patch.newFiles) await atomicWrite(path.join(folder, relativePath), bytes);
  await atomicWrite(path.join(folder, model.fileName), applyEdits(model.text ?? '', patch.edits));
}

async function copyWeights({ source }: ModelFile, weightFiles: readonly string[], folder: string): Promise<void> {
  for (const relativePath of weightFiles) {
    const size = await source.siblingSize(relativePath);
    if (size === undefined) {
      throw new ModelError('missing-weights', `"${source.path}" needs the weight file "${relativePath}", which does not exist.`);
    }
    await atomicWrite(path.join(folder, relativePath), siblingBytes(source, relativePath, size));
  }
}

/** A weight file piece by piece: it may be larger than memory. */
async function* siblingBytes(source: ModelSource, relativePath: string, size: number): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < size; offset += copyLength) {
    yield (await source.readSiblingRange(relativePath, offset, Math.min(copyLength, size - offset))) ?? new Uint8Array();
  }
}

function fixReport(
  model: ModelFile,
  filter: BlurFilterName,
  output: string | null,
  outcomes: readonly PatchOutcome[],
  price: PlanPrice | undefined,
) {
  return {
    model: model.source.path,
    format: model.format.id,
    filter,
    output,
    /** Null where the model leaves its image size open. */
    price: price ?? null,
    fixed: outcomes.flatMap((outcome) => (outcome.ok ? [{ layer: outcome.layer, description: outcome.description }] : [])),
    refused: outcomes.flatMap((outcome) => (outcome.ok ? [] : [{ layer: outcome.layer, reason: outcome.reason }])),
  };
}

function printText(outcomes: readonly PatchOutcome[], output: string, price: PlanPrice | undefined): void {
  for (const outcome of outcomes) {
    process.stdout.write(outcome.ok ? `fixed ${outcome.layer}: ${outcome.description}\n` : `left ${outcome.layer}: ${outcome.reason}\n`);
  }
  const fixed = outcomes.filter(({ ok }) => ok).length;
  process.stdout.write(
    fixed === 0
      ? 'Nothing was fixed and nothing was written.\n'
      : `${fixed} fixed${price === undefined ? '' : ` (${priceText(price)})`}, written to ${output}. ${fineTuningAdvice}\n`,
  );
}
