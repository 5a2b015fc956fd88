/** What VS Code gives a webview's script. */
interface VsCodeApi<From> {
  postMessage(message: From): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi<From>(): VsCodeApi<From>;

/** The extension, as a page talks to it. */
export interface PageHost<From, To> {
  /** Tells the extension what the user wants. */
  readonly post: (message: From) => void;
  /** Calls back for every message of the extension, until the signal is aborted. */
  readonly listen: (receive: (message: To) => void, signal: AbortSignal) => void;
  /** What `keep` was given last, also before a reload; undefined the first time. */
  readonly kept: () => unknown;
  /** Keeps plain data for as long as the page exists. */
  readonly keep: (state: unknown) => void;
}

/** The extension behind a page, by the messages that the two exchange. Once a page: VS Code hands its interface out no second time. */
export function pageHost<From, To>(): PageHost<From, To> {
  const api = acquireVsCodeApi<From>();
  return {
    post: (message) => {
      api.postMessage(message);
    },
    listen: (receive, signal) => {
      window.addEventListener(
        'message',
        (event: MessageEvent<To>) => {
          receive(event.data);
        },
        { signal },
      );
    },
    kept: () => api.getState(),
    keep: (state) => {
      api.setState(state);
    },
  };
}
