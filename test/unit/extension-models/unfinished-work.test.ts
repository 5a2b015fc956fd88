import { describe, expect, it } from 'vitest';
import { UnfinishedWork } from '../../../src/extension/platform/unfinished-work';

/** What the editor keeps for a workspace, whatever becomes of the window. */
function workspaceState() {
  const kept = new Map<string, unknown>();
  return {
    get: (key: string) => kept.get(key) as never,
    update: (key: string, value: unknown) => {
      kept.set(key, value);
      return Promise.resolve();
    },
  };
}

const endless = () => new Promise<never>(() => undefined);

describe('work that a window did not end', () => {
  it('is told once by the next window, in one message that says what to do', () => {
    const state = workspaceState();
    const killed = new UnfinishedWork(state);
    void killed.during('measuring a.onnx', endless);
    void killed.during('fixing and recovering b.onnx', endless);
    const next = new UnfinishedWork(state);
    expect(next.told()).toBe(
      'The window was reloaded or closed while Shiftlint was measuring a.onnx and fixing and recovering b.onnx. ' +
        'No model was changed by that: start it again where you still want it.',
    );
    expect(next.told()).toBeUndefined();
    expect(new UnfinishedWork(state).told()).toBeUndefined();
  });

  it('is remembered where it is cancelled because the window goes, not where the user cancels it or it fails', async () => {
    const state = workspaceState();
    const window = new UnfinishedWork(state);
    await window.during('measuring a.onnx', () => Promise.resolve());
    await expect(window.during('measuring b.onnx', () => Promise.reject(new Error('cancelled')))).rejects.toThrow('cancelled');
    expect(new UnfinishedWork(state).told()).toBeUndefined();

    let cancel = (): void => undefined;
    const running = window.during('measuring c.onnx', () => new Promise<void>((resolve) => (cancel = resolve)));
    window.dispose();
    cancel();
    await running;
    expect(new UnfinishedWork(state).told()).toMatch(/while Shiftlint was measuring c\.onnx\./);
  });

  it('is none where something else is kept', () => {
    const state = workspaceState();
    void state.update('shiftlint.unfinished', { not: 'ours' });
    expect(new UnfinishedWork(state).told()).toBeUndefined();
  });
});
