import type { ChannelModel } from 'amqplib';

interface Closable {
  once(event: 'close', listener: () => void): unknown;
  close(): Promise<void>;
}

const CLOSE_WITHIN_MS = 3_000;

/**
 * Closes a channel or connection. Never rejects; false when nothing came of it in time. The `close` event counts as
 * well, because amqplib never answers a close when the socket dies in the middle of it.
 */
export function closed(what: Closable, withinMs = CLOSE_WITHIN_MS): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), withinMs);
    const end = () => {
      clearTimeout(timer);
      resolve(true);
    };
    what.once('close', end);
    what.close().then(end, end);
  });
}

/** Ends a connection in any case: politely, or by its socket when the broker does not answer. */
export async function hangUp(connection: ChannelModel): Promise<void> {
  if (await closed(connection)) return;
  const { stream } = connection.connection as unknown as { stream?: { destroy(error: Error): void } };
  // With an error: of a socket that just goes away amqplib takes no notice, and its channels would wait for ever.
  stream?.destroy(new Error('the broker did not answer in time'));
}

/** Waits, but no longer than until the signal is given. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
