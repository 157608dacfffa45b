import { setTimeout as pause } from 'node:timers/promises';

const realTime = { nowMs: () => performance.now(), waitMs: (ms: number): Promise<void> => pause(ms) };

/** Waits for the next message's turn; after a stall of more than a second the rate holds, nothing is caught up. */
export function pacedBy(ratePerSecond?: number, { nowMs, waitMs } = realTime): () => Promise<void> {
  if (!ratePerSecond) return () => Promise.resolve();
  let next = nowMs();
  return async () => {
    const now = nowMs();
    next = Math.max(next, now - 1_000);
    if (next > now) await waitMs(next - now);
    next += 1_000 / ratePerSecond;
  };
}
