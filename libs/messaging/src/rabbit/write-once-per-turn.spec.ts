import { Writable } from 'node:stream';
import { writeOncePerTurn } from './write-once-per-turn.js';

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** A socket that notes each of its writes. */
function socket() {
  const writes: string[][] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      writes.push([chunk.toString()]);
      done();
    },
    writev: (chunks, done) => {
      writes.push(chunks.map(({ chunk }) => String(chunk)));
      done();
    },
  });
  writeOncePerTurn(stream);
  return { stream, writes };
}

describe('what is written to the broker', () => {
  it('leaves with one write for each turn of the event loop, in its order', async () => {
    const { stream, writes } = socket();
    for (const frame of ['method', 'header', 'body']) stream.write(frame);
    expect(writes).toEqual([]);
    await nextTurn();
    stream.write('ack');
    stream.write('publish');
    await nextTurn();
    expect(writes).toEqual([
      ['method', 'header', 'body'],
      ['ack', 'publish'],
    ]);
  });

  it('leaves before the end when the socket is closed in the same turn', async () => {
    const { stream, writes } = socket();
    stream.write('close');
    stream.end();
    await new Promise((resolve) => stream.once('finish', resolve));
    expect(writes).toEqual([['close']]);
  });
});
