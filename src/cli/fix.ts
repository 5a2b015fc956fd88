import type { PatchOutcome } from '../core/formats/format';
import { chosenSize, imagesOfSize } from '../core/graph/image-size';
import { layerCalled, layerNamed } from '../core/graph/layer-labels';
import { lintGraph } from '../core/lint/linter';
import { totalPrice } from '../core/lint/total-price';
import { selectPlans, type FixRequest } from '../core/lint/select-plans';
import { blurFilterNames, type BlurFilterName } from '../core/rewrite/filters';
import { fineTuningAdvice, type PlanPrice } from '../core/rewrite/plan';
import { priceText } from '../core/rewrite/price-text';
import { writeModelCopy } from '../engine/output/model-copy';
import { recoveryLines, recoveryText, type RecoveryReport } from '../core/report/recovery-report';
import type { Finding } from '../core/rules/finding';
import { parseWords, singleFile, UsageError, type Command } from './command';
import { withModel, type ModelFile } from './model-file';
import { filterNamed } from './options';
import { imageSizeFor, lintOptions, ProjectConfigFiles } from './project-config-file';
import { recovered, recoverOptions, recoverUsage, recoveryOfFix } from './recover';
import { outputOf, outputOptions, outputUsage, placeOf } from './output-place';
import { printJson, printLine, printLines } from './print';

/** `shiftlint fix`: writes a fixed copy of a model. */
export const fixCommand: Command = {
  name: 'fix',
  runsModels: true,
  usage: `fix FILE [--filter ${blurFilterNames.join('|')}] [--padding reflect|zero] [--split-stride] [--layer NAME]… ${recoverUsage} ${outputUsage} [--json]`,
  summary:
    'Inserts BlurPool and writes the result to OUT (a file for ONNX, a folder for tfjs), weights kept; --recover re-solves the weights behind the blurs from a folder of unlabelled images, so that the model keeps its score. --size judges and fixes a model that leaves its image size open for that size.',
  async run(words) {
    const parsed = parseWords(words, {
      json: { type: 'boolean' },
      filter: { type: 'string' },
      padding: { type: 'string' },
      'split-stride': { type: 'boolean' },
      layer: { type: 'string', multiple: true },
      ...outputOptions,
      ...recoverOptions,
    });
    const named = parsed.text('filter');
    const filter = named === undefined ? undefined : filterNamed(named);
    const padding = parsed.text('padding');
    const output = outputOf(parsed);
    const wanted = parsed.list('layer');
    if (padding !== undefined && padding !== 'reflect' && padding !== 'zero')
      throw new UsageError(`--padding takes reflect or zero, not "${padding}".`);
    const file = singleFile(parsed.positionals);
    const configs = new ProjectConfigFiles();
    const size = await imageSizeFor(file, parsed, configs);
    const recovery = await recoveryOfFix(parsed, size);
    const options = lintOptions(await configs.configFor(file), {
      ...(filter !== undefined && { defaultFilter: filter }),
      ...(padding !== undefined && { padding }),
      ...(parsed.flag('split-stride') && { splitStride: true }),
    });
    const result = await withModel(
      file,
      async (model): Promise<FixResult> => {
        if (model.judgedOnly !== undefined) throw model.judgedOnly;
        const place = await placeOf(model, output);
        const findings = lintGraph(model, options);
        const request = requestOf(model, findings, wanted);
        const { plans, refused } = selectPlans(findings, request, (layer) => `Ask for it by --layer "${layer}".`);
        const patch = await model.patch(plans);
        const outcomes = [...patch.outcomes, ...refused];
        const price = totalPrice(findings, outcomes);
        if (!outcomes.some(({ ok }) => ok)) return { model, outcomes, price, output: null, files: [] };
        const written = output.output ?? file;
        if (recovery === undefined) return { model, outcomes, price, output: written, files: await writeModelCopy(model, patch, place) };
        const { change, report } = await recovered(model, { plans, patch }, recovery);
        return { model, outcomes, price, output: written, files: await writeModelCopy(model, change, place), recovery: report };
      },
      size,
    );
    const fixed = result.outcomes.filter((outcome) => outcome.ok);
    if (parsed.flag('json')) printJson(fixReport(result, options.filter.name));
    else printText(result);
    return fixed.length > 0 && (wanted.length === 0 || fixed.length === result.outcomes.length) ? 0 : 1;
  },
};

/** What a fix came to. */
interface FixResult {
  readonly model: ModelFile;
  readonly outcomes: readonly PatchOutcome[];
  /** Undefined where the model leaves its image size open. */
  readonly price: PlanPrice | undefined;
  /** Null where nothing was written. */
  readonly output: string | null;
  /** Every file that was written. */
  readonly files: readonly string[];
  readonly recovery?: RecoveryReport;
}

/** Names may be those of layers, of their modules, or of the tensors that they give. */
function requestOf({ graph }: ModelFile, findings: readonly Finding[], names: readonly string[]): FixRequest {
  if (names.length === 0) return 'all';
  return { layers: names.map((name) => (findings.some(({ layer }) => layer === name) ? name : (layerCalled(graph, name) ?? name))) };
}

function fixReport({ model, outcomes, price, output, files, recovery }: FixResult, filter: BlurFilterName) {
  return {
    model: model.source.path,
    format: model.format.id,
    filter,
    output,
    files,
    /** That the fix was made for, where the model leaves its own open; null where it is for all that it takes. */
    imageSize: imageSizeOf(model),
    /** Null where the model leaves its image size open. */
    price: price ?? null,
    fixed: outcomes.flatMap((outcome) =>
      outcome.ok ? [{ ...layerNamed(model.graph, outcome.layer), description: outcome.description }] : [],
    ),
    /** With the layers or nodes at fault, which need not be the layer itself: whoever reads a map that would grow. */
    refused: outcomes.flatMap((outcome) =>
      outcome.ok ? [] : [{ ...layerNamed(model.graph, outcome.layer), reason: outcome.reason, nodes: outcome.nodes }],
    ),
    ...(recovery && { recovery }),
  };
}

function imageSizeOf({ graph }: ModelFile): { readonly height: number; readonly width: number } | null {
  const size = chosenSize(graph);
  return size && { height: size[0], width: size[1] };
}

function printText({ model, outcomes, price, output, files, recovery }: FixResult): void {
  for (const outcome of outcomes) {
    printLine(outcome.ok ? `fixed ${outcome.label}: ${outcome.description}` : `left ${outcome.label}: ${outcome.reason}`);
  }
  if (recovery !== undefined) printLines(recoveryLines(recovery));
  printLines(files.map((file) => `wrote ${file}`));
  const fixed = outcomes.filter(({ ok }) => ok).length;
  const size = chosenSize(model.graph);
  const advice = recovery === undefined ? fineTuningAdvice : recoveryText(recovery);
  printLine(
    output === null
      ? 'Nothing was fixed and nothing was written.'
      : `${fixed} fixed${price === undefined ? '' : ` (${priceText(price)})`}, written to ${output}${size === null ? '' : `, for ${imagesOfSize(size)}`}. ${advice}`,
  );
}
