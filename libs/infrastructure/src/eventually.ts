import { setTimeout as pause } from 'node:timers/promises';

/** Asks until `probe` gives something other than undefined or false, or `boundMs` are over (then undefined). */
export async function eventually<T>(
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  boundMs: number,
  everyMs = 100,
): Promise<T | undefined> {
  const end = performance.now() + boundMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (performance.now() >= end) return undefined;
    await pause(everyMs);
  }
}

/** `6.2 s` since `startMs` (of `performance.now()`). */
export function elapsedSince(startMs: number): string {
  return `${((performance.now() - startMs) / 1000).toFixed(1)} s`;
}
