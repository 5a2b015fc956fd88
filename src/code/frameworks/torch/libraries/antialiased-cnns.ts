import { t } from '@vscode/l10n';
import { sizedBlur, windowParameter } from '../../rows';
import type { TorchLibrary } from './library';
import { memberOfModule } from './member';

/** https://github.com/adobe/antialiased-cnns: the paper's own, which has to be told the channels. */
export const antialiasedCnns: TorchLibrary = {
  name: 'antialiased_cnns',
  isWelcome: false,
  remark: t(' (CC BY-NC-SA 4.0: not for commercial use)'),
  callables: ['BlurPool', 'BlurPool1D'].map((name) =>
    sizedBlur(`antialiased_cnns.${name}`, 'layer', {
      kernel: windowParameter('filt_size', 4),
      stride: windowParameter('stride', 2),
      parameters: ['channels', 'pad_type', 'filt_size', 'stride'],
      dimensions: name.endsWith('1D') ? 1 : 2,
    }),
  ),
  keepsSize: () => true,
  nameIn: (work) => memberOfModule(work, 'antialiased_cnns', 'BlurPool'),
  spell: ({ local, stride, channels, filterSize }) =>
    channels === null ? null : `${local}(${channels}, filt_size=${filterSize}, stride=${stride})`,
};
