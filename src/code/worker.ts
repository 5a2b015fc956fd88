import './worker-language';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { asModelError } from '../core/model-error';
import type { CodeReplies, CodeReply, CodeRequest, CodeRequestKind } from './protocol';
import type { WorkerData } from './worker-data';
import { CodeWorkspace } from './workspace';

/** Entry of the worker thread: holds one workspace and answers requests in the order of their arrival. */
const { grammars } = workerData as WorkerData;
const port = parentPort;
const workspace = CodeWorkspace.create((file) => readFile(join(grammars, file)));
// Whoever asks is told why; until then nobody waits for it.
workspace.catch(() => undefined);
let last: Promise<void> = Promise.resolve();

port?.on('message', (request: CodeRequest) => {
  last = last.then(async () => {
    port.postMessage(await answer(request));
  });
});

async function answer(request: CodeRequest): Promise<CodeReply> {
  const { number } = request;
  try {
    return { number, ok: true, body: await serve(await workspace, request) };
  } catch (error) {
    const { message, cause } = asModelError(error, 'document' in request.body ? request.body.document : '');
    const stack = cause instanceof Error ? cause.stack : undefined;
    return { number, ok: false, message, ...(stack !== undefined && { stack }) };
  }
}

function serve(code: CodeWorkspace, { kind, body }: CodeRequest): Promise<CodeReplies[CodeRequestKind]> | CodeReplies[CodeRequestKind] {
  switch (kind) {
    case 'open':
      return code.open(body);
    case 'edit':
      return code.edit(body);
    case 'close':
      return code.close(body);
    case 'changed':
      return code.changed(body);
    case 'consider':
      return code.consider(body);
    case 'lintFile':
      return code.lintFile(body);
    case 'forget':
      return code.forget(body);
    case 'lint':
      return code.session.judge(body.document, body.options);
    case 'offers':
      return code.session.offers(body.document, body.finding, body.context);
    case 'offersElsewhere':
      return code.session.offersElsewhere(body.document, body.finding, body.file, body.context);
    case 'fixable':
      return code.session.fixable(body.document, body.options, body.context);
    case 'fixAll':
      return code.session.fixAll(body.document, body.options, body.context);
  }
}
