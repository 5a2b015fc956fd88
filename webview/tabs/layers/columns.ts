import { t } from '@vscode/l10n';
import type { LayerRow } from '../../../src/panel-protocol/model';
import { energyText, fieldText, fixCostText, countText, strideText } from './row-text';

/** Columns of the table that the user may leave out; the layer itself always stands in front. */
export const columnIds = ['op', 'shape', 'stride', 'cumulative', 'field', 'parameters', 'multiplyAdds', 'energy', 'fixCost'] as const;
export type ColumnId = (typeof columnIds)[number];

/** By which the rows may be sorted; `depth` is the order of the network, `mean` that of the maps. */
export const sortKeys = ['depth', 'name', ...columnIds, 'mean'] as const;
export type SortKey = (typeof sortKeys)[number];

/** What the user has chosen of the table. */
export interface TableSettings {
  readonly layerColumns: readonly ColumnId[];
  readonly layerSort: SortKey;
  /** The largest first. */
  readonly layerSortDown: boolean;
}

/** What a page starts with. */
export const defaultTable: TableSettings = {
  layerColumns: ['op', 'shape', 'stride', 'cumulative', 'energy', 'fixCost'],
  layerSort: 'depth',
  layerSortDown: false,
};

/** What stands over a column, and what it means. */
export interface ColumnHead {
  readonly label: string;
  readonly explanation: string;
}

/** One column of the table. */
export interface Column extends ColumnHead {
  readonly text: (row: LayerRow) => string;
  /** What rows are sorted by; null where it is not known. */
  readonly value: (row: LayerRow) => number | string | null;
}

/** The column in front. */
export const nameHead: ColumnHead = {
  label: t`Layer`,
  explanation: t`The path of its module where the exporter kept that, else its name.`,
};

/** The column of what the latest measurement gave. */
export const meanHead: ColumnHead = {
  label: t`Mean equivariance`,
  explanation: t`How closely its map shifts along with the image, as last measured: 1 for every shift. Leads to the map.`,
};

/** The same where the model, the image or the options are others by now. */
export const formerMeanHead: ColumnHead = {
  label: t`Mean equivariance before the change`,
  explanation: t`As last measured: the model, the input or the options have changed since. Measure again for what they give now.`,
};

/** Every column that can be chosen. */
export const columns: Readonly<Record<ColumnId, Column>> = {
  op: {
    label: t`Operation`,
    explanation: t`What the layer does, as the model file calls it.`,
    text: ({ op }) => op,
    value: ({ op }) => op,
  },
  shape: {
    label: t`Output shape`,
    explanation: t`The tensor that it gives, batch and channels included; sorted by how many values that are for one image.`,
    text: ({ shape }) => shape,
    value: ({ shape }) => known(valuesOf(shape)),
  },
  stride: {
    label: t`Stride`,
    explanation: t`Of how many samples of its input it keeps one, along each axis.`,
    text: ({ stride }) => strideText(stride),
    value: ({ stride }) => stride && Math.max(...stride),
  },
  cumulative: {
    label: t`Cumulative stride`,
    explanation: t`How many pixels of the image lie between two samples of its map.`,
    text: ({ cumulativeStride }) => strideText(cumulativeStride),
    value: ({ cumulativeStride }) => cumulativeStride && Math.max(...cumulativeStride),
  },
  field: {
    label: t`Receptive field`,
    explanation: t`How many pixels of the image a sample is made of along each axis, by the longest way through windows; “all” where something of the whole image comes in.`,
    text: ({ receptiveField }) => fieldText(receptiveField),
    value: ({ receptiveField }) =>
      receptiveField && (receptiveField.size === null ? (receptiveField.isGlobal ? Infinity : null) : Math.max(...receptiveField.size)),
  },
  parameters: {
    label: t`Parameters`,
    explanation: t`How many numbers its weights hold; a dash where it has none of its own in the file.`,
    text: ({ parameters }) => countText(parameters === 0 ? null : parameters),
    value: ({ parameters }) => (parameters === 0 ? null : parameters),
  },
  multiplyAdds: {
    label: t`Multiply-adds`,
    explanation: t`Multiplications with an addition for one image.`,
    text: ({ multiplyAdds }) => countText(multiplyAdds),
    value: ({ multiplyAdds }) => multiplyAdds,
  },
  energy: {
    label: t`Aliased energy`,
    explanation: t`The share of the energy of the layer's own kernels that lies beyond the new sampling limit.`,
    text: ({ finding }) => energyText(finding),
    value: ({ finding }) => finding?.aliasedEnergy ?? null,
  },
  fixCost: {
    label: t`Multiply-adds of the fix`,
    explanation: t`How many more multiply-adds the model has with BlurPool inserted here, as a share of all of them.`,
    text: ({ finding }) => fixCostText(finding),
    value: ({ finding }) => finding?.price?.multiplyAddShare ?? null,
  },
};

/** For one image: the first length is the batch, which most models leave open. */
function valuesOf(shape: string): number {
  const [, ...lengths] = shape.split(' × ');
  return lengths.length === 0 ? Number.NaN : lengths.reduce((product, length) => product * Number(length), 1);
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
