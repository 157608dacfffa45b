import { OrderCancellationRequested, OrderSubmitted } from '@retaguarda/contracts';
import type { Sent } from '../history/history.js';
import type { Chance } from '../random.js';

export const CHANNEL = 'fault-shop';
export const SKUS = ['SKU-0', 'SKU-1', 'SKU-2', 'SKU-3', 'SKU-4', 'SKU-HOT'];
const MORE_THAN_THERE_IS = 900_000;

/** Something that a storefront sends, and what follows it a little later or comes before it. */
export interface Sending extends Sent {
  readonly type: string;
  readonly data: object;
  /** After the order of the same number, in ms; negative: before it. */
  readonly afterMs: number;
}

/**
 * What happens around order number `n`: the order itself over one of the doors; now and then the same again over the
 * other door, the same event twice, a cancellation soon after, at once or before the order has come.
 */
export function sendingsAround(n: number, chance: Chance): Sending[] {
  const order = orderOf(`order-${n}`, chance);
  const door = chance.happens(0.6) ? 'amqp' : 'http';
  const first = submission(order, door, 0, chance.uuid());
  const sendings = [first];
  if (chance.happens(0.1))
    sendings.push(submission(order, chance.one(['amqp', 'http']), chance.whole(0, 400), chance.uuid()));
  if (chance.happens(0.05)) sendings.push({ ...first, afterMs: chance.whole(0, 400) });
  if (chance.happens(0.12))
    sendings.push(cancellation(order.externalId, chance.one([-30, 0, 5, 20, 60, 200, 600]), chance.uuid()));
  return sendings;
}

function submission(order: OrderSubmitted, door: Sent['door'], afterMs: number, eventId: string): Sending {
  const { channel, externalId } = order;
  return { what: 'order', channel, externalId, door, eventId, type: OrderSubmitted.type, data: order, afterMs };
}

function cancellation(externalId: string, afterMs: number, eventId: string): Sending {
  const data = OrderCancellationRequested.of({ channel: CHANNEL, externalId, reason: 'Ordered by mistake' });
  const { type } = OrderCancellationRequested;
  return { what: 'cancellation', channel: CHANNEL, externalId, door: 'amqp', eventId, type, data, afterMs };
}

/** One in twelve wants more than there is, one in fifty terms that are not offered. */
function orderOf(externalId: string, chance: Chance): OrderSubmitted {
  const [line] = OrderSubmitted.example.lines;
  const lines = Array.from({ length: chance.whole(1, 3) }, () => ({
    ...line!,
    sku: chance.one(SKUS),
    quantity: chance.whole(1, 3),
    discount: 0,
  }));
  if (chance.happens(1 / 12)) lines[0]!.quantity = MORE_THAN_THERE_IS;
  const terms = chance.happens(1 / 50) ? 'in-advance' : chance.one(['prepaid', 'on-invoice'] as const);
  const method = chance.one(['pix', 'pix', 'card', 'boleto'] as const);
  return OrderSubmitted.of({
    ...OrderSubmitted.example,
    channel: CHANNEL,
    externalId,
    lines,
    payment: { terms, method, reference: externalId },
  });
}
