import { jest } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { AvailabilityChanged, OrderPlaced } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import { handlersOf, type DepartmentDefinition } from '@retaguarda/department';
import type { Envelope, Handles, Incoming, JournalEntry, MessagingLog, Replay, RunsEvery } from '@retaguarda/messaging';
import { every, on, process, writeReplays } from '@retaguarda/messaging';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { messageOf, OfflineDepartment } from '../src/index.js';
import { triesSeen } from './tries.js';

/** Puts what an order's `notes` name on the shelf, and tells how much lies there. Crumbs need something to crumble. */
@Injectable()
class FillShelf implements Handles<OrderPlaced, AvailabilityChanged> {
  async handle({ notes }: OrderPlaced, tx: Tx): Promise<AvailabilityChanged> {
    await tx.query('insert into shelf values ($1)', [notes]);
    const [row] = await tx.query<{ available: number }>('select count(*)::int as available from shelf');
    if (notes === 'crumbs' && row!.available === 1) throw new Error('nothing to crumble');
    return AvailabilityChanged.of({ sku: notes!, available: row!.available });
  }
}

/** Takes everything off the shelf, and tells it as the table has it. */
@Injectable()
class ClearShelf implements RunsEvery<AvailabilityChanged> {
  async run(tx: Tx): Promise<AvailabilityChanged[]> {
    const rows = await tx.query<{ sku: string }>('delete from shelf returning sku');
    return rows.map(({ sku }) => AvailabilityChanged.of({ sku, available: 0 }));
  }
}

const shopProcess = process(
  'shop',
  on(OrderPlaced).do(FillShelf).emits(AvailabilityChanged),
  every(5).do(ClearShelf).emits(AvailabilityChanged),
);

class ShopTables1 implements MigrationInterface {
  name = 'ShopTables1764000010000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table shelf (sku text)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table shelf');
  }
}

@Module({ providers: handlersOf(shopProcess) })
class ShopModule {}

const shop: DepartmentDefinition = {
  process: shopProcess,
  module: ShopModule,
  entities: [],
  migrations: [ShopTables1],
  port: 0,
};

/** A row of the outbox: events, and what the journal is given with them. */
interface Told {
  readonly id: string;
  readonly envelopes: readonly Envelope[];
  readonly entry: JournalEntry | null;
}

describe('a recovery', () => {
  let at: OfflineDepartment;
  beforeAll(async () => {
    at = await OfflineDepartment.open(shop);
  });
  afterAll(() => at.close());
  let warn: jest.Spied<MessagingLog['warn']>;
  beforeEach(async () => {
    await at.reset();
    warn = jest.spyOn(at.messaging.settings.log, 'warn');
  });
  afterEach(() => warn.mockRestore());

  const told = () =>
    at.source.query(
      'select id, envelopes::json as envelopes, journal::json as entry from outbox order by journal is not null, id',
    ) as Promise<Told[]>;
  const skusOf = (rows: readonly Told[]) =>
    rows.flatMap(({ envelopes }) => envelopes.map(({ data }) => (data as AvailabilityChanged).sku));
  const idsOf = (rows: readonly Told[]) => {
    const envelopes = rows.flatMap((row) => row.envelopes);
    return Object.fromEntries(envelopes.map(({ id, data }) => [JSON.stringify(data), id]));
  };

  const fillWith = (...skus: string[]) => at.source.query('insert into shelf select unnest($1::text[])', [skus]);
  const clear = () => at.messaging.desk.run(shopProcess.rows[1]!);
  const orderFor = (sku: string) => messageOf(OrderPlaced.of({ ...OrderPlaced.example, notes: sku }));

  function replayOf({ id, envelopes, entry }: Told, message?: Incoming): Replay {
    const { step, cause, at: moment, handled } = entry!;
    const nothing = { exchange: '', routingKey: '', headers: {}, base64: '' };
    const body = message && { ...message, base64: message.body.toString('base64') };
    const messages = handled.map((key) => ({ ...nothing, ...body, key }));
    return { id, step, cause, at: new Date(moment), messages, answers: null, events: envelopes };
  }

  /** The database is empty but for what lies on the shelf; returns what is told once these are done again. */
  async function doneAgain(replays: readonly Replay[], ...shelf: string[]): Promise<Told[]> {
    await at.reset();
    await fillWith(...shelf);
    await writeReplays(at.source, replays);
    at.clock.advance(60_000);
    await at.messaging.replaying.run();
    expect(await at.source.query('select * from replays')).toEqual([]);
    return told();
  }

  describe('does a duty again', () => {
    let first: Told[];
    beforeEach(async () => {
      await fillWith('rye', 'bun', 'loaf');
      await clear();
      first = await told();
    });

    it('and it tells the same under the same ids, in whatever order its rows lie', async () => {
      const again = await doneAgain([replayOf(first[0]!)], 'loaf', 'rye', 'bun');
      expect(skusOf(again)).not.toEqual(skusOf(first));
      expect(idsOf(again)).toEqual(idsOf(first));
      expect(again).toMatchObject([{ entry: null }]);
      expect(warn).not.toHaveBeenCalled();
    });

    it('and what it did not tell before has an id of its own, and alone stands in the journal for the others', async () => {
      const again = await doneAgain([replayOf(first[0]!)], 'roll', 'loaf', 'rye');
      expect(again.map((row) => skusOf([row]))).toEqual([['loaf', 'rye'], ['roll']]);
      const [known, anew] = again;
      expect(known!.entry).toBeNull();
      expect(idsOf(first)).toMatchObject(idsOf([known!]));
      expect(anew!.entry).toMatchObject({ department: 'shop', step: 'shop.clear-shelf', cause: 'clock', handled: [] });
      expect(Object.values(idsOf(first))).not.toContain(Object.values(idsOf([anew!]))[0]);
      expect(warn).toHaveBeenCalledWith(
        expect.stringMatching(/^recovery: shop.clear-shelf of .* not come out as before$/),
      );
    });

    it('and it has nothing to say where there is nothing to tell', async () => {
      expect(await doneAgain([replayOf(first[0]!)])).toEqual([]);
    });
  });

  it('handles a message again, and the journal has it already', async () => {
    await at.deliver('fill-shelf', orderFor('rye'));
    const [first] = await told();
    const [again] = await doneAgain([replayOf(first!, orderFor('rye'))]);
    expect(again).toMatchObject({ envelopes: first!.envelopes, entry: null });
  });

  it('handles a message again, and what did not follow from it before goes into the journal', async () => {
    await at.deliver('fill-shelf', orderFor('rye'));
    const [first] = await told();
    const [again] = await doneAgain([replayOf({ ...first!, envelopes: [] }, orderFor('rye'))]);
    expect(again).toMatchObject({ envelopes: first!.envelopes, entry: { step: 'shop.fill-shelf', handled: [] } });
  });

  describe('when somebody holds the rows', () => {
    /** They are held until as many transactions have waited for them. */
    const heldFor = async (tries: number, work: () => Promise<unknown>) => {
      const holder = at.source.createQueryRunner();
      await holder.startTransaction();
      await holder.query('lock table shelf in exclusive mode');
      const working = work();
      try {
        await triesSeen(holder, tries);
      } finally {
        await holder.rollbackTransaction();
        await holder.release();
      }
      await working;
    };

    it('insists: that is no reason to put anything off', async () => {
      await at.deliver('fill-shelf', orderFor('rye'));
      const [first] = await told();
      await at.reset();
      await writeReplays(at.source, [replayOf(first!, orderFor('rye'))]);
      const eachTurnTwice = 6;
      await heldFor(eachTurnTwice + 1, () => at.messaging.replaying.run());
      expect(idsOf(await told())).toEqual(idsOf([first!]));
      expect(await at.source.query('select from replays')).toEqual([]);
      expect(warn).not.toHaveBeenCalled();
    });

    it('a duty insists at its own time as well: what the outside said to it would be gone', async () => {
      await fillWith('rye');
      await heldFor(3, clear);
      expect(skusOf(await told())).toEqual(['rye']);
    });
  });

  it('puts off what comes out differently, as often as it takes', async () => {
    const skus = ['rye', 'bun', 'loaf', 'roll', 'cake'];
    for (const sku of skus) await at.deliver('fill-shelf', orderFor(sku));
    const first = await told();
    const replays = first.map((row, n) => replayOf(row, orderFor(skus[n]!))).reverse();
    expect(idsOf(await doneAgain(replays))).toEqual(idsOf(first));
    expect(warn).not.toHaveBeenCalled();
  });

  it('has a duty wait for what stood before it and could not be done yet', async () => {
    await at.deliver('fill-shelf', orderFor('bun'));
    await at.deliver('fill-shelf', orderFor('rye'));
    await clear();
    const [bun, rye, cleared] = (await told()) as [Told, Told, Told];
    const replays = [replayOf(rye, orderFor('rye')), replayOf(cleared), replayOf(bun, orderFor('bun'))];
    const again = await doneAgain(replays);
    expect(idsOf(again)).toEqual(idsOf([bun, rye, cleared]));
    expect(again.map(({ entry }) => entry)).toEqual([null, null, null]);
    expect(await at.state()).toEqual({ shelf: [] });
  });

  it('has a duty wait for nothing that waits for the duty', async () => {
    await fillWith('bun');
    await clear();
    await at.deliver('fill-shelf', orderFor('rye'));
    const [cleared, rye] = (await told()) as [Told, Told];
    const again = await doneAgain([replayOf(rye, orderFor('rye')), replayOf(cleared)], 'bun', 'roll');
    expect(idsOf(again)).toMatchObject(idsOf([cleared, rye]));
    expect(skusOf(again).sort()).toEqual(['bun', 'roll', 'rye']);
    expect(await at.state()).toEqual({ shelf: [{ sku: 'rye' }] });
    expect(warn).toHaveBeenCalledTimes(1);
  });

  it('has no duty do less than before while what it lacks is not done yet', async () => {
    await at.deliver('fill-shelf', orderFor('rye'));
    await clear();
    const [rye, cleared] = (await told()) as [Told, Told];
    const again = await doneAgain([replayOf({ ...rye, envelopes: [] }, orderFor('rye')), replayOf(cleared)]);
    expect(idsOf(again)).toEqual(idsOf([rye, cleared]));
    expect(await at.state()).toEqual({ shelf: [] });
    expect(warn).toHaveBeenCalledTimes(1);
  });

  it('has only the duty that something waits for go before it', async () => {
    await fillWith('bun');
    await clear();
    await at.deliver('fill-shelf', orderFor('rye'));
    await clear();
    const [bun, rye, cleared] = (await told()) as [Told, Told, Told];
    const replays = [replayOf(rye, orderFor('rye')), replayOf(bun), replayOf(cleared)];
    const again = await doneAgain(replays, 'bun', 'roll');
    expect(idsOf(again)).toMatchObject(idsOf([bun, rye, cleared]));
    expect(await at.state()).toEqual({ shelf: [] });
    expect(warn).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['told nothing', { envelopes: [] }, null],
    ['asked the outside', {}, ['paid']],
  ])('has a duty that %s go before nothing', async (_, changes, answers) => {
    await fillWith('bun');
    await clear();
    await at.deliver('fill-shelf', orderFor('rye'));
    const [cleared, rye] = (await told()) as [Told, Told];
    const duty = { ...replayOf({ ...cleared, ...changes }), answers };
    await doneAgain([replayOf({ ...rye, envelopes: [] }, orderFor('rye')), duty], 'bun', 'roll');
    expect(await at.state()).toEqual({ shelf: [] });
  });

  it('tries again what failed, once what is done differently is done', async () => {
    await at.deliver('fill-shelf', orderFor('rye'));
    await at.deliver('fill-shelf', orderFor('crumbs'));
    const [rye, crumbs] = (await told()) as [Told, Told];
    const replays = [replayOf(crumbs, orderFor('crumbs')), replayOf({ ...rye, envelopes: [] }, orderFor('rye'))];
    expect(idsOf(await doneAgain(replays))).toEqual(idsOf([rye, crumbs]));
    expect(warn).toHaveBeenCalledTimes(1);
  });

  it('keeps what it cannot do, with its problem, and does it at the next start if it can be done then', async () => {
    await at.deliver('fill-shelf', orderFor('rye'));
    await at.deliver('fill-shelf', orderFor('crumbs'));
    const [, crumbs] = (await told()) as [Told, Told];
    await at.reset();
    await writeReplays(at.source, [replayOf(crumbs, orderFor('crumbs'))]);
    await at.messaging.replaying.run();
    expect(await at.source.query('select problem from replays')).toEqual([{ problem: 'Error: nothing to crumble' }]);
    expect(warn).toHaveBeenCalledWith(
      expect.stringMatching(/^recovery: .* cannot be done again: Error: nothing to crumble$/),
    );
    await fillWith('rye');
    await at.messaging.replaying.run();
    expect(await at.source.query('select from replays')).toEqual([]);
    expect(idsOf(await told())).toEqual(idsOf([crumbs]));
  });
});
