import type { EventEmitter } from 'node:events';

/**
 * What `work` comes to, or the end of its connection if that is first. Postgres ends a session whose transaction asks it
 * nothing for a minute; work that waits for something else would never hear of it, and hold up its step for ever.
 */
export async function whileConnected<T>(connection: EventEmitter, work: () => Promise<T>): Promise<T> {
  let lose: (error?: Error) => void;
  const lost = new Promise<never>((_, reject) => {
    lose = (error = new Error('Connection terminated')) => reject(error);
  });
  connection.once('error', lose!).once('end', lose!);
  try {
    return await Promise.race([work(), lost]);
  } finally {
    connection.off('error', lose!).off('end', lose!);
  }
}
