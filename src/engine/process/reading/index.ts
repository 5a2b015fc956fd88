import { t } from '@vscode/l10n';
import type { OpenedModel } from '../../../core/formats/format';
import { selectPlans } from '../../../core/lint/select-plans';
import { totalPrice } from '../../../core/lint/total-price';
import { ModelError } from '../../../core/model-error';
import type { WeightFacts } from '../../../core/report/layer-facts';
import { modelDigest } from '../../input/model-digest';
import { writeModelCopy } from '../../output/model-copy';
import { recoveredChange } from '../../output/recovered-change';
import type { CallRequest } from '../../protocol/calls';
import { layerKey, type Asked, type PlannedChange, type ReadingAnswer, type ReadingKind } from '../../protocol/reading';
import type { Handler, Handlers, ServedCall } from '../handler';
import { HeldModels, Lacking } from './held-models';
import { findingsOf } from './judged';
import { layerFacts } from './layer-facts';
import { networkPart } from './network-part';
import { shownLayers } from './shown-layers';
import { summaryOf } from './summary';
import { weightStatistics } from './weight-statistics';

/** Well below the time after which the host takes the process to hang. */
const tellEveryMs = 5000;

/** Every call that reads a model and what serves it. */
export function readingHandlers(models = new HeldModels()): Handlers<ReadingKind> {
  /** Opens what a call asks about and answers it, or says what is lacking. */
  const about =
    <Kind extends ReadingKind>(
      answer: (
        model: OpenedModel,
        request: CallRequest<Kind>,
        call: ServedCall<Kind>,
      ) => ReadingAnswer<Kind> | Promise<ReadingAnswer<Kind>>,
    ) =>
    async (request: CallRequest<Kind>, call: ServedCall<Kind>): Promise<Asked<ReadingAnswer<Kind>>> =>
      answered(async () => {
        const model = await models.open(request.model);
        if (model === null) throw new ModelError('not-a-model', t('The file holds no model that Shiftlint reads.'));
        return answer(model, request, call);
      });
  const judge: Handler<'judge'> = ({ model: held, lint }) =>
    answered(async () => {
      const model = await models.open(held);
      return model === null ? null : summaryOf(model, lint);
    });
  return {
    judge,
    layers: about<'layers'>((model, { lint, first }) => shownLayers(model, lint, first)),
    network: about<'network'>((model, { first }) => networkPart(model, first)),
    'layer-facts': about<'layer-facts'>((model, { layer }) => layerFacts(model, layer)),
    'weight-statistics': about<'weight-statistics'>((model, { layer }) => statisticsOf(model, layer)),
    findings: about<'findings'>((model, { lint }) => findingsOf(model, lint)),
    locate: about<'locate'>(async (model, { layer }) => (await model.locate([layer])).get(layer) ?? null),
    fix: about<'fix'>(fixed),
    'add-weights': about<'add-weights'>((model, { fix, weights }) => recoveredChange(model, fix, weights)),
    digest: about<'digest'>((model, _request, call) => tellingOfWork(call, () => modelDigest(model))),
    'write-copy': about<'write-copy'>((model, { file }, call) => tellingOfWork(call, () => writtenCopy(model, file))),
  };
}

async function answered<Answer>(work: () => Promise<Answer>): Promise<Asked<Answer>> {
  try {
    return { kind: 'answer', answer: await work() };
  } catch (error) {
    if (!(error instanceof Lacking)) throw error;
    return error.paths === null ? { kind: 'lacks-model' } : { kind: 'lacks-files', paths: error.paths };
  }
}

/** Waiting for a disk is no hanging: as long as the process takes its turns, it says so. */
async function tellingOfWork<Answer>(call: Pick<ServedCall<'digest'>, 'report'>, work: () => Promise<Answer>): Promise<Answer> {
  const timer = setInterval(() => {
    call.report({ kind: 'working' });
  }, tellEveryMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

function writtenCopy(model: OpenedModel, file: string): Promise<readonly string[]> {
  const unchanged = { kind: 'binary', pieces: [{ start: 0, end: model.source.size }], newFiles: [] } as const;
  return writeModelCopy(model, unchanged, { file, isOwnFolder: false, mayReplace: true });
}

function statisticsOf(model: OpenedModel, name: string): Promise<readonly WeightFacts[]> {
  const layer = model.flow.layer(name);
  return weightStatistics(layer === undefined ? [] : model.weights(layer));
}

/** Patches a model by the plans of its own findings. */
async function fixed(model: OpenedModel, { lint, fixes }: CallRequest<'fix'>): Promise<PlannedChange> {
  const findings = findingsOf(model, lint);
  const { plans, refused } = selectPlans(findings, fixes);
  const { outcomes, ...change } = await model.patch(plans);
  return {
    plans,
    change,
    outcomes: [...outcomes, ...refused],
    price: totalPrice(findings, outcomes) ?? null,
    layersBefore: model.graph.layers.map(({ name, op }) => layerKey(name, op)),
  };
}
