import type { Scene } from '../fault.js';
import { unsettled } from '../history/evidence.js';

const SETTLED_WITHIN_MS = 60_000;

/** Waits until nothing is under way; the storefront must be held. A complaint after 60 s, times the patience. */
export async function hasSettled({ company, client, topology, pause, complain, patience }: Scene): Promise<void> {
  const begin = Date.now();
  for (let quiet = 0; quiet < 2;) {
    const depths = await client.depths(topology.queues);
    const waiting = [...depths.values()].some((depth) => depth?.waiting !== 0);
    quiet = !waiting && (await unsettled(company)).length === 0 ? quiet + 1 : 0;
    if (Date.now() - begin > SETTLED_WITHIN_MS * patience) return complain('it did not come to rest in time');
    await pause(400);
  }
}
