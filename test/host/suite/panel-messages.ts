import type { ModelPanel } from '../../../src/extension/panel/panel';
import type { TaskName, TaskView, ToWebview } from '../../../src/panel-protocol/messages';

type Message<Kind extends ToWebview['kind']> = Extract<ToWebview, { kind: Kind }>;

/** The next message of a kind that the panel sends to its page and that `accept` lets pass. */
export function nextSent<Kind extends ToWebview['kind']>(
  panel: ModelPanel,
  kind: Kind,
  accept: (message: Message<Kind>) => boolean = () => true,
  timeoutMs = 30_000,
): Promise<Message<Kind>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      subscription.dispose();
      reject(new Error(`The panel sent no matching "${kind}" message within ${timeoutMs} ms.`));
    }, timeoutMs);
    const subscription = panel.onDidSend((message) => {
      if (message.kind !== kind || !accept(message as Message<Kind>)) return;
      clearTimeout(timer);
      subscription.dispose();
      resolve(message as Message<Kind>);
    });
  });
}

/** How a task of the panel ends, well or not. */
export async function ended(panel: ModelPanel, task: TaskName): Promise<TaskView> {
  const message = await nextSent(
    panel,
    'task',
    ({ task: name, view }) => name === task && (view.state === 'finished' || view.state === 'failed'),
  );
  return message.view;
}
