import { CancellationRefused, OrderPacked, OrderShipped, OrderStopped } from '@retaguarda/contracts';
import { OfflineDepartment } from '@retaguarda/testing';
import { fulfillment } from '../src/fulfillment.module.js';
import type { AnOrder } from './orders.js';
import { anOrder, listOf, makeReady, open, pick } from './orders.js';

let at: OfflineDepartment;
beforeAll(async () => {
  at = await OfflineDepartment.open(fulfillment);
});
afterAll(() => at.close());
beforeEach(() => at.reset());

const orders = Array.from({ length: 50 }, (_, index) => anOrder(index + 1));
const ids = (events: readonly { orderId: string }[]) => events.map(({ orderId }) => orderId).sort();

/** Fifty ready orders with one parcel each, made in three statements instead of hundreds of scans. */
async function fiftyReady(): Promise<Map<string, string>> {
  await at.deliver('open-pick-list', ...orders.map(({ reserved }) => reserved));
  await at.source.query('update pick_list_lines set picked = quantity');
  const { body } = await at.http('GET', '/pick-lists?limit=50');
  await Promise.all(body.items.map(({ id }: { id: string }) => at.http('POST', `/pick-lists/${id}/pack`)));
  await at.deliver('release-for-dispatch', ...orders.map(({ invoiced }) => invoiced));
  const parcels = (await at.source.query('select id, order_id from parcels')) as { id: string; order_id: string }[];
  return new Map(parcels.map(({ id, order_id: orderId }) => [orderId, id]));
}

/** Holds the order's list until both have come to it, `first` before `second`, then lets go: who waits, wins in turn. */
async function meetAt<A, B>({ orderId }: AnOrder, first: () => Promise<A>, second: () => Promise<B>): Promise<[A, B]> {
  const holder = at.source.createQueryRunner();
  await holder.startTransaction();
  try {
    await holder.query('select 1 from pick_lists where order_id = $1 for update', [orderId]);
    const one = first();
    await waiting(1);
    const two = second();
    await waiting(2);
    await holder.commitTransaction();
    return await Promise.all([one, two]);
  } finally {
    await holder.release();
  }
}

async function waiting(count: number): Promise<void> {
  const blocked = `select count(*)::int as count from pg_stat_activity
                    where datname = current_database() and wait_event_type = 'Lock'`;
  for (let polls = 0; polls < 5_000; polls += 1) {
    const [row] = (await at.source.query(blocked)) as [{ count: number }];
    if (row.count >= count) return;
  }
  throw new Error(`${count} transactions never came to wait for the list.`);
}

describe('at the same moment', () => {
  it('a dispatch and a cancellation of the same order: one of them wins, never both, fifty times', async () => {
    const parcels = await fiftyReady();
    const statuses: number[] = [];
    for (const [index, order] of orders.entries()) {
      const dispatch = async () => {
        const { status } = await at.http('POST', `/parcels/${parcels.get(order.orderId)}/dispatch`);
        statuses.push(status);
      };
      const cancel = () => at.deliver('stop-order', order.cancelled);
      await (index % 2 === 0 ? meetAt(order, dispatch, cancel) : meetAt(order, cancel, dispatch));
    }
    const [shipped, stopped] = [ids(await at.sentOf(OrderShipped)), ids(await at.sentOf(OrderStopped))];
    expect([...shipped, ...stopped].sort()).toEqual(ids(orders));
    expect(ids(await at.sentOf(CancellationRefused))).toEqual(shipped);
    expect(statuses.filter((status) => status === 200)).toHaveLength(shipped.length);
    expect(statuses.filter((status) => status === 409)).toHaveLength(stopped.length);
    expect(await at.source.query('select status, count(*)::int from pick_lists group by 1 order by 1')).toEqual([
      { status: 'shipped', count: shipped.length },
      { status: 'stopped', count: stopped.length },
    ]);
    expect([await at.deferred(), await at.parked()]).toEqual([[], []]);
  });

  it('an order and its cancellation: it ends stopped, and is said to be stopped once', async () => {
    await Promise.all(
      orders.flatMap(({ reserved, cancelled }) => [
        at.deliver('open-pick-list', reserved),
        at.deliver('stop-order', cancelled),
      ]),
    );
    expect(ids(await at.sentOf(OrderStopped))).toEqual(ids(orders));
    expect(await at.source.query('select distinct status from pick_lists')).toEqual([{ status: 'stopped' }]);
  });

  it('whole batches of both, in opposite order: none waits for another for ever', async () => {
    const backwards = [...orders].reverse();
    await Promise.all([
      at.deliver('open-pick-list', ...orders.map(({ reserved }) => reserved)),
      at.deliver('stop-order', ...backwards.map(({ cancelled }) => cancelled)),
      at.deliver('open-pick-list', ...backwards.map(({ reserved }) => reserved)),
    ]);
    expect(ids(await at.sentOf(OrderStopped))).toEqual(ids(orders));
    expect([await at.deferred(), await at.parked()]).toEqual([[], []]);
  });

  it('two parcels of one order: it is shipped once', async () => {
    const [order] = orders as [AnOrder];
    const parcels = [{ lines: [{ sku: 'CUP', quantity: 3 }] }, { lines: [{ sku: 'BAG', quantity: 1 }] }];
    const list = await makeReady(at, order, { parcels });
    await Promise.all(list.parcels.map(({ id }: { id: string }) => at.http('POST', `/parcels/${id}/dispatch`)));
    expect(await at.sentOf(OrderShipped)).toMatchObject([{ parcels: [{}, {}] }]);
  });

  it('ten pickers at one list: no piece is picked twice', async () => {
    const [order] = orders as [AnOrder];
    const { id } = await open(at, order);
    const scans = Array.from({ length: 10 }, () => at.http('POST', `/pick-lists/${id}/scans`, { code: 'CUP' }));
    const statuses = (await Promise.all(scans)).map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 200, 200, 409, 409, 409, 409, 409, 409, 409]);
    expect(await listOf(at, order)).toMatchObject({ picked: 3 });
  });

  it('two packers at one list: it is packed once, and both are told so', async () => {
    const [order] = orders as [AnOrder];
    const { id } = await open(at, order);
    await pick(at, order);
    const [one, two] = await Promise.all([1, 2].map(() => at.http('POST', `/pick-lists/${id}/pack`)));
    expect([one!.status, two!.status, one!.body]).toEqual([200, 200, two!.body]);
    expect(await at.sentOf(OrderPacked)).toHaveLength(1);
  });

  it('a stopped order cannot leave even if a rule were forgotten: the table refuses it', async () => {
    const [order] = orders as [AnOrder];
    await open(at, order);
    await at.deliver('stop-order', order.cancelled);
    await expect(at.source.query(`update pick_lists set left_at = now()`)).rejects.toThrow('pick_lists_left');
  });
});
