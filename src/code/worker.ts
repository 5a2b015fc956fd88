import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { asModelError } from '../core/model-error';
import type { CodeReplies, CodeReply, CodeRequest, CodeRequestKind } from './protocol';
import { CodeSession } from './session';

/** Entry of the worker thread: holds one session and answers requests in the order of their arrival. */
const { grammars } = workerData as { readonly grammars: string };
const port = parentPort;
const session = CodeSession.create((file) => readFile(join(grammars, file)));
// Whoever asks is told why; until then nobody waits for it.
session.catch(() => undefined);
let last: Promise<void> = Promise.resolve();

port?.on('message', (request: CodeRequest) => {
  last = last.then(async () => {
    port.postMessage(await answer(request));
  });
});

async function answer(request: CodeRequest): Promise<CodeReply> {
  const { number } = request;
  try {
    return { number, ok: true, body: (await serve(await session, request)) ?? null };
  } catch (error) {
    const { message, cause } = asModelError(error, request.body.document);
    const stack = cause instanceof Error ? cause.stack : undefined;
    return { number, ok: false, message, ...(stack !== undefined && { stack }) };
  }
}

function serve(code: CodeSession, { kind, body }: CodeRequest): Promise<void> | CodeReplies[CodeRequestKind] {
  switch (kind) {
    case 'open':
      return code.open(body.document, body.language, body.text);
    case 'edit':
      code.edit(body.document, body.edits);
      return null;
    case 'close':
      code.close(body.document);
      return null;
    case 'lint':
      return code.judge(body.document, body.options);
    case 'offers':
      return code.offers(body.document, body.finding, body.context);
    case 'fixAll':
      return code.fixAll(body.document, body.options, body.context);
  }
}
