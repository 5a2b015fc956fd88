import { basename } from 'node:path';
import * as vscode from 'vscode';
import { planarGraph } from '../../../core/equivariance/plan/planar-graph';
import { imageInput } from '../../../core/equivariance/plan/planned-input';
import type { ModelGraph } from '../../../core/graph/model-graph';
import { choosePreprocessing } from '../../../core/input/preprocessing';
import { ModelError } from '../../../core/model-error';
import type { InputsView } from '../../../panel-protocol/inputs';
import type { StudyInputs } from './memory';

/** What the page shows of the inputs. @param graph undefined where the model cannot be read */
export function inputsView({ image, folder, choices }: StudyInputs, graph: ModelGraph | undefined): InputsView {
  return {
    imageName: image === null ? null : basename(vscode.Uri.parse(image).path),
    folderName: folder === null ? null : basename(folder),
    choices,
    facts: graph === undefined ? null : factsOf(graph),
  };
}

function factsOf(graph: ModelGraph): InputsView['facts'] {
  try {
    const {
      images: [{ channels } = { channels: 0 }],
      declaredSize,
    } = imageInput(planarGraph(graph));
    const { name, reason } = choosePreprocessing(graph);
    return {
      layout: graph.layout === 'channels-first' ? 'channels, height, width' : 'height, width, channels',
      channels,
      declaredSize,
      guess: { name, reason },
    };
  } catch (error) {
    if (error instanceof ModelError) return null;
    throw error;
  }
}
