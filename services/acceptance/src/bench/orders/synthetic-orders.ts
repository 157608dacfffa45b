import { OrderSubmitted } from '@retaguarda/contracts';
import { chanceFrom } from './chance.js';

export interface OrderShape {
  /** Lines of an order on average; an order has from two thirds to four thirds of it. 3 unless told, 24 in the real sample. */
  readonly lines: number;
  /** The same item is in every order. */
  readonly isHot: boolean;
}

export const CHANNEL = 'bench-shop';
export const SKUS = 500;
const SEED = 20_261_124;

export const skuOf = (item: number) => `ITEM-${String(item).padStart(4, '0')}`;

/**
 * Prepaid orders that are shipped, so that the cash is in when the receivable is opened. Amounts are minor units. `run`
 * tells the orders of one feed from those of another.
 */
export function* syntheticOrders(run: string, count: number, { lines, isHot }: OrderShape): Generator<OrderSubmitted> {
  const chance = chanceFrom(SEED);
  const whole = (from: number, to: number) => from + Math.floor(chance() * (to - from + 1));
  const [fewest, most] = [Math.max(1, Math.ceil((lines * 2) / 3)), Math.max(1, Math.floor((lines * 4) / 3))];
  for (let n = 1; n <= count; n += 1) {
    const externalId = `${run}-${n}`;
    const items = distinctItems(whole(fewest, most), isHot, () => whole(1, SKUS - 1));
    yield OrderSubmitted.of({
      ...{ channel: CHANNEL, externalId, placedAt: '2026-11-24T10:00:00Z', currency: 'BRL' },
      customer: { name: `Customer ${whole(1, 9_999)}`, email: 'customer@example.com', phone: '+55 11 5550-0142' },
      delivery: { method: 'ship', address: ADDRESS },
      lines: items.map((item) => ({
        ...{ sku: skuOf(item), name: `Synthetic item number ${item}`, quantity: whole(1, 5) },
        ...{ unitPrice: whole(100, 20_000), discount: 0, kind: 'goods' as const },
      })),
      shippingFee: whole(0, 3) * 500,
      payment: { terms: 'prepaid', method: 'pix', reference: `PX-${externalId}` },
    });
  }
}

/** Item 0 is the hot one; in other orders it does not occur. */
function distinctItems(count: number, isHot: boolean, draw: () => number): number[] {
  const items = new Set<number>(isHot ? [0] : []);
  while (items.size < count) items.add(draw());
  return [...items];
}

const ADDRESS = {
  ...{ street: 'Rua das Amostras', number: '120', complement: 'Apto 31', district: 'Centro' },
  ...{ city: 'São Paulo', state: 'SP', postalCode: '01000-000', country: 'BR' },
};
