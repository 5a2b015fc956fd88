import { t } from '@vscode/l10n';
import { nothing, type TemplateResult } from 'lit';
import {
  isPreprocessingName,
  parsePreprocessing,
  preprocessingLabels,
  preprocessingNames,
  preprocessingPresets,
  preprocessingText,
  type Preprocessing,
} from '../../src/panel-protocol/core/preprocessing';
import { hasOpenSize, type InputsView } from '../../src/panel-protocol/inputs';
import type { Choice } from './choice-select';
import { choose } from './choose';
import { choiceField, textField } from './field';
import { imageSizeField } from './image-size';
import { sentences } from '../app/sentences';
import { html } from '../app/templates';

const guess = 'guess';
const custom = 'custom';

/** How pixels are given to the model: the guess, a preset, or numbers; and the image size where the model leaves it open. */
export function preprocessingFields(inputs: InputsView): TemplateResult {
  const {
    choices: { preprocessing },
    facts,
  } = inputs;
  const wanted = preprocessing === null ? undefined : parsePreprocessing(preprocessing);
  const guessed = facts?.guess ?? { name: 'unit', reason: '' };
  const label = isPreprocessingName(guessed.name) ? preprocessingLabels[guessed.name] : guessed.name;
  const options: readonly Choice<string>[] = [
    { value: guess, label: t`Guess: ${label}` },
    ...preprocessingNames.map((name) => ({ value: name, label: preprocessingLabels[name] })),
    { value: custom, label: t`Numbers of your own` },
  ];
  const chosen = wanted === undefined ? guess : typeof wanted === 'string' ? wanted : custom;
  const start = isPreprocessingName(chosen) ? chosen : isPreprocessingName(guessed.name) ? guessed.name : 'unit';
  const take = (value: string): void => {
    if (value === guess) choose({ preprocessing: null });
    else if (value === custom) choose({ preprocessing: preprocessingText(preprocessingPresets[start]) });
    else choose({ preprocessing: value });
  };
  const input = facts === null ? '' : t`The model takes ${facts.channels} channels as ${facts.layout}.`;
  const reason = chosen === guess && guessed.reason !== '' ? t`Guessed because ${guessed.reason}.` : '';
  return html`
    ${choiceField(t`Pixels`, options, chosen, take, sentences(input, reason))}
    ${typeof wanted === 'object' ? customFields(wanted) : nothing} ${hasOpenSize(inputs) ? imageSizeField(inputs, '224 x 224') : nothing}
  `;
}

const orders: readonly Choice<Preprocessing['channelOrder']>[] = [
  { value: 'rgb', label: t`Red first` },
  { value: 'bgr', label: t`Blue first` },
];

function customFields(wanted: Preprocessing): TemplateResult {
  const change = (changes: Partial<Record<'mean' | 'deviation', string>>, restore: () => void): void => {
    const text = `${wanted.channelOrder}:${changes.mean ?? wanted.mean.join()}:${changes.deviation ?? wanted.deviation.join()}`.replaceAll(
      ' ',
      '',
    );
    if (parsePreprocessing(text) === undefined) restore();
    else choose({ preprocessing: text });
  };
  const shown = (numbers: readonly number[]): string => numbers.map((value) => `${Number(value.toPrecision(6))}`).join(', ');
  const hint = t`One number, or one a channel, for pixels from 0 to 1: value = (pixel - mean) / deviation.`;
  return html`
    ${choiceField(t`Channels`, orders, wanted.channelOrder, (channelOrder) => {
      choose({ preprocessing: preprocessingText({ ...wanted, channelOrder }) });
    })}
    ${textField(
      t`Mean`,
      shown(wanted.mean),
      (mean, restore) => {
        change({ mean }, restore);
      },
      { hint, wide: true },
    )}
    ${textField(
      t`Deviation`,
      shown(wanted.deviation),
      (deviation, restore) => {
        change({ deviation }, restore);
      },
      { hint, wide: true },
    )}
  `;
}
