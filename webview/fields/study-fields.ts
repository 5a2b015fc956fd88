import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { css, html, nothing, type TemplateResult } from 'lit';
import {
  isPreprocessingName,
  parsePreprocessing,
  preprocessingLabels,
  preprocessingNames,
  preprocessingPresets,
  preprocessingText,
  type Preprocessing,
} from '../../src/core/input/preprocessing';
import { blurFilter, blurFilterNames, type BlurFilterName } from '../../src/core/rewrite/filters';
import type { InputsView, StudyChoices } from '../../src/panel-protocol/messages';
import { choiceSelect, type Choice } from './choice-select';
import { post } from '../app/host';

/** Looks of the fields; every view that shows them takes these in. */
export const fieldStyles = css`
  .field {
    display: flex;
    flex-direction: column;
    gap: 3px;
    min-width: 0;
  }
  .caption {
    color: var(--vscode-descriptionForeground);
    font-size: 0.9em;
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px;
    min-height: 26px;
  }
  .file-name {
    max-width: 24ch;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .field vscode-single-select {
    width: 168px;
  }
  .field vscode-textfield {
    width: 76px;
  }
  .field vscode-textfield.wide {
    width: 150px;
  }
`;

/** Tells the extension of a choice; it answers with what holds then. */
export function choose(choices: Partial<StudyChoices>): void {
  post({ kind: 'choose', choices });
}

/** A control under its name. */
export function field(caption: string, control: TemplateResult, hint = ''): TemplateResult {
  return html`<div class="field" title=${hint}><span class="caption">${caption}</span><span class="controls">${control}</span></div>`;
}

/** The image that is measured. */
export function imageField({ imageName }: InputsView): TemplateResult {
  return field(
    'Input',
    html`
      <span class="file-name" title=${imageName ?? 'Test pattern'}>${imageName ?? 'Test pattern'}</span>
      <vscode-button
        secondary
        @click=${() => {
          post({ kind: 'choose-image' });
        }}
        >Choose image…</vscode-button
      >
      ${
        imageName === null
          ? nothing
          : html`<vscode-button
              secondary
              @click=${() => {
                post({ kind: 'use-pattern' });
              }}
              >Test pattern</vscode-button
            >`
      }
    `,
  );
}

/** The folder that is classified. */
export function folderField({ folderName }: InputsView): TemplateResult {
  return field(
    'Images',
    html`
      <span class="file-name" title=${folderName ?? 'None'}>${folderName ?? 'None'}</span>
      <vscode-button
        secondary
        @click=${() => {
          post({ kind: 'choose-folder' });
        }}
        >Choose folder…</vscode-button
      >
    `,
  );
}

/** One of a few values. */
export function choiceField<Value extends string>(
  caption: string,
  choices: readonly Choice<Value>[],
  chosen: Value,
  take: (value: Value) => void,
  hint = '',
): TemplateResult {
  return field(caption, choiceSelect(caption, choices, chosen, take), hint);
}

/** A whole number; empty for null, where that is allowed. What is no number is put back. */
export function numberField(
  caption: string,
  value: number | null,
  take: (value: number | null) => void,
  { placeholder = '', hint = '' } = {},
): TemplateResult {
  const shown = value === null ? '' : `${value}`;
  return textField(
    caption,
    shown,
    (text, restore) => {
      const isNumber = /^\d+$/.test(text);
      if (isNumber || (text === '' && placeholder !== '')) take(isNumber ? Number(text) : null);
      else restore();
    },
    { placeholder, hint },
  );
}

function textField(
  caption: string,
  shown: string,
  take: (text: string, restore: () => void) => void,
  { placeholder = '', hint = '', wide = false } = {},
): TemplateResult {
  const changed = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    take(input.value.trim(), () => {
      input.value = shown;
    });
  };
  return field(
    caption,
    html`<vscode-textfield
      class=${wide ? 'wide' : ''}
      .label=${caption}
      placeholder=${placeholder}
      .value=${shown}
      @change=${changed}
    ></vscode-textfield>`,
    hint,
  );
}

const guess = 'guess';
const custom = 'custom';

/** How pixels are given to the model: the guess, a preset, or numbers; and the image size where the model leaves it open. */
export function preprocessingFields({ choices, facts }: InputsView): TemplateResult {
  const { preprocessing } = choices;
  const wanted = preprocessing === null ? undefined : parsePreprocessing(preprocessing);
  const guessed = facts?.guess ?? { name: 'unit', reason: '' };
  const label = isPreprocessingName(guessed.name) ? preprocessingLabels[guessed.name] : guessed.name;
  const options: readonly Choice<string>[] = [
    { value: guess, label: `Guess: ${label}` },
    ...preprocessingNames.map((name) => ({ value: name, label: preprocessingLabels[name] })),
    { value: custom, label: 'Numbers of your own' },
  ];
  const chosen = wanted === undefined ? guess : typeof wanted === 'string' ? wanted : custom;
  const start = isPreprocessingName(chosen) ? chosen : isPreprocessingName(guessed.name) ? guessed.name : 'unit';
  const take = (value: string): void => {
    if (value === guess) choose({ preprocessing: null });
    else if (value === custom) choose({ preprocessing: preprocessingText(preprocessingPresets[start]) });
    else choose({ preprocessing: value });
  };
  const input = facts === null ? '' : `The model takes ${facts.channels} channels as ${facts.layout}.`;
  const reason = chosen === guess && guessed.reason !== '' ? ` Guessed because ${guessed.reason}.` : '';
  return html`
    ${choiceField('Pixels', options, chosen, take, `${input}${reason}`)} ${typeof wanted === 'object' ? customFields(wanted) : nothing}
    ${facts?.declaredSize.includes(null) === true ? sizeField(choices) : nothing}
  `;
}

const orders: readonly Choice<Preprocessing['channelOrder']>[] = [
  { value: 'rgb', label: 'Red first' },
  { value: 'bgr', label: 'Blue first' },
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
  const hint = 'One number, or one a channel, for pixels from 0 to 1: value = (pixel - mean) / deviation.';
  return html`
    ${choiceField('Channels', orders, wanted.channelOrder, (channelOrder) => {
      choose({ preprocessing: preprocessingText({ ...wanted, channelOrder }) });
    })}
    ${textField(
      'Mean',
      shown(wanted.mean),
      (mean, restore) => {
        change({ mean }, restore);
      },
      { hint, wide: true },
    )}
    ${textField(
      'Deviation',
      shown(wanted.deviation),
      (deviation, restore) => {
        change({ deviation }, restore);
      },
      { hint, wide: true },
    )}
  `;
}

function sizeField({ size }: StudyChoices): TemplateResult {
  const shown = size === null ? '' : size.join(' x ');
  return textField(
    'Image size',
    shown,
    (text, restore) => {
      const match = /^(\d+)(?:\s*[x×]\s*(\d+))?$/i.exec(text);
      if (text === '') choose({ size: null });
      else if (match === null) restore();
      else choose({ size: [Number(match[1]), Number(match[2] ?? match[1])] });
    },
    { placeholder: '224 x 224', hint: 'Height x width in pixels; the model leaves it open.' },
  );
}

const metrics: readonly Choice<StudyChoices['metric']>[] = [
  { value: 'flat', label: 'Whole feature map' },
  { value: 'channel', label: 'Along channels' },
];

/** How two maps are compared. */
export function metricField({ metric }: StudyChoices): TemplateResult {
  return choiceField(
    'Compare',
    metrics,
    metric,
    (value) => {
      choose({ metric: value });
    },
    'The cosine of two maps as a whole, or its mean over all positions, taken along channels.',
  );
}

const protocols: readonly Choice<StudyChoices['protocol']>[] = [
  { value: 'circular', label: 'Circular' },
  { value: 'deployed', label: 'As deployed' },
];
const patterns: readonly Choice<StudyChoices['pattern']>[] = [
  { value: 'grid', label: 'Grid' },
  { value: 'diagonal', label: 'Diagonal' },
];

/** What a shift is; with `shifts`, also which ones the deployed protocol takes. */
export function protocolFields({ protocol, pattern, largest, step }: StudyChoices, shifts: boolean): TemplateResult {
  const hint =
    'Circular: images roll and all padding wraps, so that any loss is the network’s own. As deployed: the model as it is, on crops of a larger canvas.';
  const placeholder = 'auto';
  return html`
    ${choiceField(
      'Protocol',
      protocols,
      protocol,
      (value) => {
        choose({ protocol: value });
      },
      hint,
    )}
    ${
      protocol === 'deployed' && shifts
        ? html`
            ${choiceField('Shifts', patterns, pattern, (value) => {
              choose({ pattern: value });
            })}
            ${numberField(
              'Up to (px)',
              largest,
              (value) => {
                choose({ largest: value });
              },
              { placeholder },
            )}
            ${numberField(
              'Every (px)',
              step,
              (value) => {
                choose({ step: value });
              },
              { placeholder },
            )}
          `
        : nothing
    }
  `;
}

/** How many pairs of shifts are drawn, and from which seed. */
export function pairFields({ pairs, seed }: StudyChoices): TemplateResult {
  return html`
    ${numberField(
      'Pairs per image',
      pairs,
      (value) => {
        choose({ pairs: value ?? pairs });
      },
      { hint: 'Two random shifts, up to a quarter of the side each, that should get the same class.' },
    )}
    ${numberField('Seed', seed, (value) => {
      choose({ seed: value ?? seed });
    })}
  `;
}

/** Which filters are compared with the model as it is; at least one. */
export function filterFields({ filters }: StudyChoices): TemplateResult {
  const offered = blurFilterNames.filter((name) => name !== 'identity');
  const toggle = (name: BlurFilterName, on: boolean): void => {
    choose({ filters: offered.filter((other) => (other === name ? on : filters.includes(other))) });
  };
  return field(
    'Filters',
    html`${offered.map(
      (name) => html`
        <vscode-checkbox
          .label=${blurFilter(name).label}
          .checked=${filters.includes(name)}
          ?disabled=${filters.length === 1 && filters.includes(name)}
          @change=${(event: Event) => {
            toggle(name, (event.target as HTMLInputElement).checked);
          }}
        ></vscode-checkbox>
      `,
    )}`,
  );
}
