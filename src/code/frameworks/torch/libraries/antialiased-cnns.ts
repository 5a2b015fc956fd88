import { blur } from '../../rows';
import type { TorchLibrary } from './library';
import { memberOfModule } from './member';

/** https://github.com/adobe/antialiased-cnns: the paper's own, which has to be told the channels. */
export const antialiasedCnns: TorchLibrary = {
  name: 'antialiased_cnns',
  isWelcome: false,
  remark: ' (CC BY-NC-SA 4.0: not for commercial use)',
  callables: ['BlurPool', 'BlurPool1D'].map((name) =>
    blur(`antialiased_cnns.${name}`, 'layer', 'stride', ['channels', 'pad_type', 'filt_size', 'stride']),
  ),
  keepsSize: () => true,
  nameIn: (work) => memberOfModule(work, 'antialiased_cnns', 'BlurPool'),
  spell: ({ local, stride, channels, filterSize }) =>
    channels === null ? null : `${local}(${channels}, filt_size=${filterSize}, stride=${stride})`,
};
