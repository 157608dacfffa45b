import type { Writable } from 'node:stream';

/**
 * amqplib writes each frame to its socket by itself. Gathers what is written within one turn of the event loop, so that
 * a batch of events leaves with one system call. Nothing is held back longer than that turn.
 */
export function writeOncePerTurn(stream: Writable): void {
  const write = stream.write.bind(stream) as (...frame: unknown[]) => boolean;
  let isGathering = false;
  stream.write = (...frame: unknown[]) => {
    if (!isGathering) {
      isGathering = true;
      stream.cork();
      setImmediate(() => {
        isGathering = false;
        stream.uncork();
      });
    }
    return write(...frame);
  };
}
