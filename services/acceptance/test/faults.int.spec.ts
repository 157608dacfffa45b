import { testServers } from '@retaguarda/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failpoints, killsOf } from '../src/faults/each/f01-kills.js';
import { isClean, lineOf } from '../src/faults/report.js';
import { runFault } from '../src/faults/run.js';
import { FaultServers } from '../src/faults/servers.js';

/** The short set of `npm run faults`: one department killed at every failpoint in turn, under load. */
describe('a department that is killed at a failpoint under load', () => {
  const histories = mkdtempSync(join(tmpdir(), 'retaguarda-faults-'));
  afterAll(() => rmSync(histories, { recursive: true, force: true }));

  it(`loses nothing, doubles nothing and makes nothing up: ${failpoints.join(', ')}`, async () => {
    const kills = killsOf(['invoicing']);
    const everyPoint = {
      ...kills,
      async strike(scene: Parameters<typeof kills.strike>[0]) {
        for (const point of failpoints) await kills.strike(scene, point);
        return () => Promise.resolve();
      },
    };
    const result = await runFault(everyPoint, 'every failpoint', {
      servers: FaultServers.of(testServers()),
      name: `faults_${process.pid}`,
      historyFile: join(histories, 'history.jsonl'),
      seed: 'short set',
      ordersPerSecond: 20,
    });
    expect(isClean(result) ? [] : [lineOf(result), result]).toEqual([]);
    expect(result.notes.filter((note) => note.startsWith('invoicing killed at'))).toHaveLength(failpoints.length);
    expect(result.verdict.attempted).toBeGreaterThan(50);
  }, 240_000);
});
