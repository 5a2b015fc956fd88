import type { ModelPanel } from '../../../src/extension/panel/panel';
import type { RunView } from '../../../src/panel-protocol/run';
import type { StudyName } from '../../../src/panel-protocol/studies/table';
import type { ToPage } from '../../../src/panel-protocol/to-page';
import { patience } from './waiting';

type Message<Kind extends ToPage['kind']> = Extract<ToPage, { kind: Kind }>;

/**
 * The next message of a kind that the panel sends to its page and that `accept` lets pass. Waited for longer than the 30 s for which VS
 * Code's service worker holds a page back where one that was closed before it had loaded still waits for a file.
 */
export function nextSent<Kind extends ToPage['kind']>(
  panel: ModelPanel,
  kind: Kind,
  accept: (message: Message<Kind>) => boolean = () => true,
  timeoutMs = 45_000,
): Promise<Message<Kind>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      subscription.dispose();
      reject(new Error(`The panel sent no matching "${kind}" message within ${timeoutMs * patience} ms.`));
    }, timeoutMs * patience);
    const subscription = panel.onDidSend((message) => {
      if (message.kind !== kind || !accept(message as Message<Kind>)) return;
      clearTimeout(timer);
      subscription.dispose();
      resolve(message as Message<Kind>);
    });
  });
}

/** How a run of a study ends, well or not. */
export async function ended(panel: ModelPanel, study: StudyName): Promise<RunView> {
  const message = await nextSent(
    panel,
    'run',
    (message) => message.study === study && (message.view.state === 'finished' || message.view.state === 'failed'),
  );
  return message.view;
}
