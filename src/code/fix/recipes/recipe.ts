import { t } from '@vscode/l10n';
import { frameworkNamed } from '../../frameworks/registry';
import { refuse, type Draft, type Workplace } from '../draft';

/** The blur for a flagged call, as its framework spells it. */
export function draftBlur(work: Workplace): Draft {
  const { site } = work;
  if (site.derived)
    return refuse(
      t`${site.callee} is a class of this file that derives from a framework's layer: its own code decides what its stride does.`,
    );
  if (site.mixed) return refuse(t`${site.callee} stands for several layers, whose arguments need not mean the same.`);
  if (site.callable.isForeignBlock === true)
    return refuse(t`The layer of ${site.callee} is built inside its library, where no fix reaches it.`);
  return frameworkNamed(site.framework).draft(work);
}
