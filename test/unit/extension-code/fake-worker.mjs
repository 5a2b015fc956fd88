import { parentPort } from 'node:worker_threads';

/** Stands in for the code worker: `lint` answers with the text it holds as message; texts that start with `!` misbehave. */
const texts = new Map();

parentPort.on('message', ({ number, kind, body }) => {
  const text = texts.get(body.document);
  if (kind === 'open') texts.set(body.document, body.text);
  if (kind === 'close') texts.delete(body.document);
  if (kind === 'edit') {
    let edited = text;
    for (const { offset, length, text: inserted } of body.edits)
      edited = edited.slice(0, offset) + inserted + edited.slice(offset + length);
    texts.set(body.document, edited);
  }
  if (kind !== 'lint') return answer({ number, ok: true, body: [] });
  if (text === undefined) return answer({ number, ok: false, message: `The document "${body.document}" is not open.` });
  if (text.startsWith('!exit')) process.exit(3);
  if (text.startsWith('!throw')) throw new Error('a bug');
  if (text.startsWith('!memory')) {
    const kept = [];
    for (;;) kept.push(Array.from({ length: 100_000 }, (_, index) => ({ index })));
  }
  if (text.startsWith('!hang')) for (;;);
  return answer({ number, ok: true, body: { findings: [{ message: text }], notices: [] } });
});

function answer(reply) {
  parentPort.postMessage(reply);
}
