import { Injectable, Module } from '@nestjs/common';
import { AvailabilityChanged, OrderPlaced } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import { handlersOf, type DepartmentDefinition } from '@retaguarda/department';
import type { Envelope, JournalEntry, RunsEvery } from '@retaguarda/messaging';
import { every, process, writeReplays } from '@retaguarda/messaging';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { messageOf, OfflineDepartment } from '../src/index.js';
import { bakery } from './bakery.js';

/** Takes off the shelf what has gone stale, and tells it as the table has it. */
@Injectable()
class ClearShelf implements RunsEvery<AvailabilityChanged> {
  async run(tx: Tx): Promise<AvailabilityChanged[]> {
    const rows = await tx.query<{ sku: string }>('delete from shelf returning sku');
    return rows.map(({ sku }) => AvailabilityChanged.of({ sku, available: 0 }));
  }
}

const shopProcess = process('shop', every(5).do(ClearShelf).emits(AvailabilityChanged));

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

interface Told {
  readonly id: string;
  readonly envelopes: readonly Envelope[];
  /** What the journal is given with them. */
  readonly entry: JournalEntry | null;
}

/** The rows of its outbox. */
function toldBy({ source }: OfflineDepartment): Promise<Told[]> {
  return source.query('select id, envelopes::json as envelopes, journal::json as entry from outbox');
}

describe('a recovery does a duty again', () => {
  let at: OfflineDepartment;
  beforeAll(async () => {
    at = await OfflineDepartment.open(shop);
  });
  afterAll(() => at.close());
  beforeEach(() => at.reset());

  const putOnShelf = (...skus: string[]) => at.source.query('insert into shelf select unnest($1::text[])', [skus]);

  const skusOf = ({ envelopes }: Told) => envelopes.map(({ data }) => (data as AvailabilityChanged).sku);
  const idsOf = (row: Told) => Object.fromEntries(skusOf(row).map((sku, n) => [sku, row.envelopes[n]!.id]));

  /** Runs the duty, and has it done again with other things on the shelf. */
  async function toldTwice(before: string[], after: string[]): Promise<Told[]> {
    await putOnShelf(...before);
    await at.messaging.desk.run(shopProcess.rows[0]!);
    const [first] = (await toldBy(at)) as [Told];
    await at.reset();
    await putOnShelf(...after);
    const { step, cause, at: moment, handled } = first.entry!;
    const messages = handled.map((key) => ({ key, exchange: '', routingKey: '', headers: {}, base64: '' }));
    const replay = { step, cause, at: new Date(moment), messages, answers: null, events: first.envelopes };
    await writeReplays(at.source, [{ id: first.id, ...replay }]);
    at.clock.advance(60_000);
    await at.messaging.replaying.run();
    expect(await at.source.query('select * from replays')).toEqual([]);
    return [first, ...(await toldBy(at))];
  }

  it('and tells the same under the same ids, in whatever order its rows lie', async () => {
    const [first, again] = await toldTwice(['rye', 'bun', 'loaf'], ['loaf', 'rye', 'bun']);
    expect(skusOf(again!)).not.toEqual(skusOf(first!));
    expect(idsOf(again!)).toEqual(idsOf(first!));
    expect(again!.entry).toBeNull();
  });

  it('and what it did not tell before has an id of its own, and stands in the journal for the others', async () => {
    const [first, again] = await toldTwice(['rye', 'bun', 'loaf'], ['roll', 'loaf', 'rye']);
    const { rye, loaf } = idsOf(first!);
    expect(idsOf(again!)).toEqual({ rye, loaf, roll: expect.any(String) });
    expect(Object.values(idsOf(first!))).not.toContain(idsOf(again!)['roll']);
    expect(again!.entry).toMatchObject({ department: 'shop', step: 'shop.clear-shelf', cause: 'clock', handled: [] });
  });

  it('and has nothing to say where there is nothing to tell', async () => {
    expect(await toldTwice(['rye'], [])).toHaveLength(1);
  });
});

describe('a recovery handles a message again', () => {
  let at: OfflineDepartment;
  beforeAll(async () => {
    at = await OfflineDepartment.open(bakery);
  });
  afterAll(() => at.close());
  beforeEach(() => at.reset());

  /** What the outbox has of it once it is done again; `events` are those that the journal says followed. */
  async function doneAgain(eventsOf: (told: Told) => Told['envelopes']) {
    const message = messageOf(OrderPlaced.example);
    await at.deliver('bake-bread', message);
    const [first] = await toldBy(at);
    await at.reset();
    const { step, at: moment, handled } = first!.entry!;
    const messages = [{ ...message, key: handled[0]!, base64: message.body.toString('base64') }];
    const replay = { step, cause: 'messages' as const, at: new Date(moment), messages, answers: null };
    await writeReplays(at.source, [{ id: first!.id, ...replay, events: eventsOf(first!) }]);
    at.clock.advance(60_000);
    await at.messaging.replaying.run();
    expect(await at.source.query('select * from replays')).toEqual([]);
    const [again] = await toldBy(at);
    expect(again!.envelopes).toEqual(first!.envelopes);
    return again!;
  }

  it('and the journal has it already', async () => {
    expect(await doneAgain(({ envelopes }) => envelopes)).toMatchObject({ entry: null });
  });

  it('and what did not follow from it before goes into the journal', async () => {
    expect(await doneAgain(() => [])).toMatchObject({ entry: { step: 'bakery.bake-bread', handled: [] } });
  });
});
