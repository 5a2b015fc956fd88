import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { InputsView } from '../../../panel-protocol/inputs';
import type { Settings } from '../../settings/settings';
import type { InputFacts } from '../runs/material';
import type { StudyInputs } from './memory';

/** What the page shows of the inputs. @param facts undefined where the model cannot be read */
export function inputsView(
  { image, folder, choices }: StudyInputs,
  facts: InputFacts | undefined,
  { imageSize, filter, plan }: Pick<Settings, 'imageSize' | 'filter' | 'plan'>,
): InputsView {
  return {
    imageName: image === null ? null : basename(vscode.Uri.parse(image).path),
    folderName: folder === null ? null : basename(folder),
    choices,
    blur: { filter: filter.name, border: plan.padding ?? 'reflect' },
    projectSize: imageSize ?? null,
    facts: facts === undefined ? null : factsOf(facts),
  };
}

function factsOf({ image, preprocessing: { name, reason } }: InputFacts): InputsView['facts'] {
  if (image === null) return null;
  return {
    layout: image.layout === 'channels-first' ? 'channels, height, width' : 'height, width, channels',
    channels: image.channels,
    declaredSize: image.declaredSize,
    guess: { name, reason },
  };
}
