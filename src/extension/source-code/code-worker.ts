import type { CodeReplies, CodeRequestKind, CodeRequests } from '../../code/protocol';

/** Whoever answers requests about code: the worker thread. */
export interface CodeWorker {
  readonly running: boolean;
  request<K extends CodeRequestKind>(kind: K, body: CodeRequests[K]): Promise<CodeReplies[K]>;
}
