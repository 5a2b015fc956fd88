import { classifyFolder } from '../classify/classify-folder';
import { chooseProtocol, classifyingWork, settingsOf, shownAs } from '../classify/choose-protocol';
import { croppedAnswers, rolledAnswers } from '../classify/image-answers';
import type { Handler } from '../handler';
import { withOpenedModel } from '../model/opened-model';

/** Classifies the images of a folder with one model. */
export const classify: Handler<'classify'> = ({ model: payload, images, options }, call) =>
  withOpenedModel(
    { model: payload, options },
    ({ graph }) => {
      const chosen = chooseProtocol(graph, options);
      return { ...chosen, multiplyAdds: classifyingWork(chosen, options, options.imagesInAll ?? images.length) };
    },
    async ({ engine, pixels, memoryBudgetBytes, ...opened }) => {
      const answers =
        opened.protocol === 'circular'
          ? rolledAnswers({ trunk: opened, branches: [] }, memoryBudgetBytes, call)
          : croppedAnswers(opened, call);
      const classified = await classifyFolder({
        ...shownAs(opened, pixels),
        images,
        pairs: options.pairs,
        seed: options.seed,
        models: 1,
        answers,
        cancellation: call,
        onImage: (index, rows) => {
          for (const row of rows) call.report({ kind: 'row', row });
          call.report({ kind: 'share', done: (index + 1) / images.length });
        },
      });
      const [result] = classified ?? [];
      return result && { settings: settingsOf(opened, pixels, engine.backend, engine.notesOfRun()), ...result };
    },
  );
