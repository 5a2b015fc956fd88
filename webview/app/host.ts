import type { FromPage } from '../../src/panel-protocol/from-page';
import type { ToPage } from '../../src/panel-protocol/to-page';

/** What VS Code gives a webview's script. */
interface VsCodeApi {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** VS Code hands its interface out once a page. */
const api = acquireVsCodeApi();

/** Tells the extension what the user wants. */
export function post(message: FromPage): void {
  api.postMessage(message);
}

/** Calls back for every message of the extension, until the signal is aborted. */
export function listen(receive: (message: ToPage) => void, signal: AbortSignal): void {
  window.addEventListener(
    'message',
    (event: MessageEvent<ToPage>) => {
      receive(event.data);
    },
    { signal },
  );
}

/** What {@link keep} was given last, also before a reload; undefined the first time. */
export function kept(): unknown {
  return api.getState();
}

/** Keeps plain data for as long as the panel exists. */
export function keep(state: unknown): void {
  api.setState(state);
}
