import { t } from '@vscode/l10n';
import { opaque } from '../call';
import type { GraphOperator } from '../operator';

/** Generators of random values. */
export const noiseOperators: readonly GraphOperator[] = [
  {
    names: ['RandomStandardNormal', 'RandomUniform', 'RandomUniformInt', 'StatelessRandomUniform', 'TruncatedNormal', 'Multinomial'],
    infer: () => opaque(t('it gives random values')),
  },
];
