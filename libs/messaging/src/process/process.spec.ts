import { OrderCancelled, OrderPlaced, OrderStopped, StockRejected, StockReserved } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { Handles, HandlesAll, NotYet, RunsEvery } from './handles.js';
import { notYet } from './handles.js';
import { at, every, kebab, on, process } from './process.js';
import { topologyOf } from './topology.js';

class ReserveStock implements Handles<OrderPlaced, StockReserved | StockRejected> {
  handle(event: OrderPlaced): Promise<StockReserved | StockRejected | NotYet> {
    if (event.lines.length === 0) return Promise.resolve(notYet('nothing to reserve'));
    return Promise.resolve(event.total > 0 ? StockReserved.example : StockRejected.example);
  }
}

class ReserveAll implements HandlesAll<OrderPlaced, StockReserved> {
  handleAll(events: readonly OrderPlaced[], _tx: Tx): Promise<StockReserved[]> {
    return Promise.resolve(events.map(() => StockReserved.example));
  }
}

class Watch implements Handles<OrderPlaced | OrderCancelled> {
  handle(_event: OrderPlaced | OrderCancelled): Promise<void> {
    return Promise.resolve();
  }
}

/** An event with a `reason` looks like NotYet; the compiler must not take one for the other. */
class StopOrder implements Handles<OrderPlaced, OrderStopped> {
  handle(event: OrderPlaced): Promise<OrderStopped | NotYet> {
    return Promise.resolve(event.total > 0 ? OrderStopped.example : notYet('nothing to stop'));
  }
}

class Sweep implements RunsEvery<StockReserved> {
  run(_tx: Tx): Promise<StockReserved[]> {
    return Promise.resolve([]);
  }
}

describe('a process table', () => {
  it('names the queue of each row after its command and binds it to each of its events', () => {
    const table = process(
      'stock',
      on(OrderPlaced).do(ReserveStock).emits(StockReserved, StockRejected),
      on(OrderPlaced, OrderCancelled).do(Watch).emits(),
      every(1).do(Sweep).emits(StockReserved),
      at('POST /things').do(ReserveAll).emits(StockReserved),
    );
    expect(topologyOf(table)).toEqual([
      { queue: 'stock.reserve-stock', bindings: [{ exchange: 'retaguarda', routingKey: 'sales.order-placed.v1' }] },
      {
        queue: 'stock.watch',
        bindings: [
          { exchange: 'retaguarda', routingKey: 'sales.order-placed.v1' },
          { exchange: 'retaguarda', routingKey: 'sales.order-cancelled.v1' },
        ],
      },
    ]);
  });

  it('refuses a command that has two rows', () => {
    const row = on(OrderPlaced).do(ReserveAll).emits(StockReserved);
    expect(() => process('stock', row, row)).toThrow('The process of stock has two rows for reserve-all');
  });

  it('takes the standard retry policy unless a row names another', () => {
    const row = on(OrderPlaced).do(ReserveAll).emits(StockReserved);
    expect([row.retry, row.retryBy('never').retry]).toEqual(['standard', 'never']);
  });

  it.each([
    ['ReserveStock', 'reserve-stock'],
    ['PlaceOrder', 'place-order'],
    ['Open2ndList', 'open2nd-list'],
  ])('writes %s as %s', (name, written) => {
    expect(kebab(name)).toBe(written);
  });
});

/** Never run: the compiler reads it. Each line that must not compile is marked; if it did, the mark itself is an error. */
export function whatDoesNotCompile(): unknown[] {
  return [
    // @ts-expect-error the handler returns an event that the row does not list
    on(OrderPlaced).do(ReserveStock).emits(StockReserved),
    // @ts-expect-error the row lists an event that the handler never returns
    on(OrderPlaced).do(ReserveStock).emits(StockReserved, StockRejected, OrderCancelled),
    // @ts-expect-error the handler takes another event
    on(OrderCancelled).do(ReserveStock).emits(StockReserved, StockRejected),
    // @ts-expect-error the handler does not take each of the events
    on(OrderPlaced, OrderCancelled).do(ReserveStock).emits(StockReserved, StockRejected),
    on(OrderPlaced).do(StopOrder).emits(OrderStopped),
    // @ts-expect-error an event with a reason is an output like any other
    on(OrderPlaced).do(StopOrder).emits(),
    // @ts-expect-error a batch handler's outputs are checked as well
    on(OrderPlaced).do(ReserveAll).emits(),
    // @ts-expect-error a duty's outputs are checked as well
    every(1).do(Sweep).emits(),
  ];
}
