import type { FromExplainPage, ToExplainPage } from '../../src/panel-protocol/explain';

/** What VS Code gives a webview's script. */
interface VsCodeApi {
  postMessage(message: FromExplainPage): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** VS Code hands its interface out once a page. */
const api = acquireVsCodeApi();

/** Tells the extension what the user wants. */
export function post(message: FromExplainPage): void {
  api.postMessage(message);
}

/** Calls back for every message of the extension, until the signal is aborted. */
export function listen(receive: (message: ToExplainPage) => void, signal: AbortSignal): void {
  window.addEventListener(
    'message',
    (event: MessageEvent<ToExplainPage>) => {
      receive(event.data);
    },
    { signal },
  );
}

/** What {@link keep} was given last, also before a reload; undefined the first time. */
export function kept(): unknown {
  return api.getState();
}

/** Keeps plain data for as long as the page exists. */
export function keep(state: unknown): void {
  api.setState(state);
}
