import { testServers } from '@retaguarda/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shortSetFor } from '../src/faults/each/short-set.js';
import { details, isClean } from '../src/faults/report.js';
import { judged, verdictOn } from '../src/faults/run.js';
import { FaultServers } from '../src/faults/servers.js';
import type { StageSettings } from '../src/faults/stage.js';
import { Stage } from '../src/faults/stage.js';

/** A machine that has other things to do is no failure. */
const PATIENCE = 6;
const BOUND_MS = 900_000;

/** The short set of `npm run faults`: the same stage, history and checker. */
describe('a company that is broken in several ways under load', () => {
  const histories = mkdtempSync(join(tmpdir(), 'retaguarda-faults-'));
  const fault = shortSetFor('invoicing');
  let settings: StageSettings;
  let stage: Stage;

  beforeAll(async () => {
    settings = {
      ...{ servers: FaultServers.of(testServers()), name: `faults_${process.pid}`, seed: 'short set' },
      ...{ historyFile: join(histories, 'history.jsonl'), ordersPerSecond: 10, patience: PATIENCE },
    };
    stage = await Stage.open(fault, settings);
  }, BOUND_MS);
  afterAll(async () => {
    await stage.close(settings);
    rmSync(histories, { recursive: true, force: true });
  }, BOUND_MS);

  it(
    'loses nothing, doubles nothing, makes nothing up, and its books agree',
    async () => {
      const result = await judged(fault, 'one after the other', stage, settings);
      expect(isClean(result) ? [] : details(result)).toEqual([]);
      expect(result.notes).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^invoicing killed at after-commit/),
          expect.stringMatching(/^invoicing killed at before-ack/),
          expect.stringMatching(/^all \d+ poisoned messages are parked$/),
          expect.stringMatching(/^\d+ messages sent twice more$/),
        ]),
      );
      expect(result.verdict.attempted).toBeGreaterThan(50);
    },
    BOUND_MS,
  );

  it('would have been found out: an order that is not there, a step that is not done, an event of no order', async () => {
    const [order] = await stage.company.sql<{ id: string; number: string }>(
      'sales',
      `select id, channel || '/' || external_id as number from orders where completed_at is not null limit 1`,
    );
    const [claim] = await stage.company.sql<{ step: string; key: string }>(
      'stock',
      `delete from inbox where ctid = (select ctid from inbox where step = 'stock.reserve-stock' limit 1)
       returning step, message_key as key`,
    );
    await stage.company.sql('sales', 'delete from orders where id = $1', [order!.id]);
    const { lost, unexpected, duplicated } = await verdictOn(stage);
    expect([...lost].sort()).toEqual([
      `accepted order ${order!.number}`,
      `sales.order-placed.v1 at ${claim!.step} ${claim!.key}`,
    ]);
    expect(unexpected).toContain(`event sales.order-completed.v1 ${order!.id}`);
    expect(duplicated).toEqual([]);
  }, 60_000);
});
