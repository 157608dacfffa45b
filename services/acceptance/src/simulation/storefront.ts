import type { Conduct } from '@retaguarda/billing/payments/simulated-provider';
import { exchangeOf } from '@retaguarda/messaging';
import type { Dice } from './dice.js';
import type { Sent } from './simulated-broker.js';
import { EPOCH } from './simulated-time.js';

const CHANNEL = 'loja';

interface Line {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly kind: 'goods' | 'service';
}

/** What a customer wants, and how the provider will treat the charge. */
export interface PlannedOrder {
  readonly letter: string;
  readonly lines: readonly Line[];
  readonly terms: 'prepaid' | 'on-invoice' | 'in-advance';
  readonly method: 'pix' | 'boleto' | 'card' | 'other';
  readonly conduct: Conduct;
  readonly isCancelled: boolean;
}

/** Everything that comes from outside in one schedule. */
export interface Plan {
  readonly seed: number;
  readonly orders: readonly PlannedOrder[];
  /** Received before anything else, by SKU. */
  readonly stock: ReadonlyMap<string, number>;
  /** What storefronts send, in no particular order. */
  readonly messages: Sent[];
}

/** Orders, SKUs and message ids are the schedule's own, so that it finds a clean place in used databases. */
export function planOf(dice: Dice): Plan {
  const { seed } = dice;
  const skus = Array.from({ length: dice.between(1, 3) }, (_, index) => `SKU-${seed}-${index + 1}`);
  const stock = new Map(skus.map((sku) => [sku, dice.between(1, 8)]));
  const letters = [...'ABCDE'].slice(0, dice.between(1, 4));
  const orders = letters.map((letter) => orderOf(dice, letter, skus));
  const messages = orders.flatMap((order) => [
    ...Array.from({ length: dice.chance(25) ? 2 : 1 }, (_, copy) => submission(seed, order, copy)),
    ...(order.isCancelled
      ? Array.from({ length: dice.chance(20) ? 2 : 1 }, (_, n) => cancellation(seed, order, n))
      : []),
  ]);
  return { seed, orders, stock, messages };
}

function orderOf(dice: Dice, letter: string, skus: readonly string[]): PlannedOrder {
  const isOfServices = dice.chance(10);
  const lines = dice.some(skus).map((sku) => lineOf(dice, sku, isOfServices ? 'service' : 'goods'));
  return {
    letter,
    lines: dice.chance(15) ? [...lines, lineOf(dice, 'GIFT-WRAP', 'service')] : lines,
    terms: dice.weighted([
      ['prepaid', 40],
      ['on-invoice', 55],
      ['in-advance', 5],
    ]),
    method: dice.weighted([
      ['pix', 50],
      ['card', 15],
      ['boleto', 20],
      ['other', 15],
    ]),
    conduct: dice.weighted<Conduct>([
      ['answers', 80],
      ['refuses', 6],
      ['times out after success', 8],
      ['times out before it', 6],
    ]),
    isCancelled: dice.chance(30),
  };
}

function lineOf(dice: Dice, sku: string, kind: Line['kind']): Line {
  return { sku, name: sku, quantity: dice.between(1, 4), unitPrice: dice.between(0, 50) * 100 + 1, kind };
}

function submission(seed: number, { letter, lines, terms, method }: PlannedOrder, copy: number): Sent {
  return message('storefront.order-submitted.v1', `${seed}-${letter}-${copy}`, {
    channel: CHANNEL,
    externalId: `${seed}-${letter}`,
    placedAt: new Date(EPOCH).toISOString(),
    currency: 'BRL',
    customer: { name: 'Joana' },
    delivery: letter < 'C' ? { method: 'pickup' } : { method: 'ship', address: ADDRESS },
    lines,
    shippingFee: 990,
    payment: { terms, method },
  });
}

function cancellation(seed: number, { letter }: PlannedOrder, copy: number): Sent {
  const data = { channel: CHANNEL, externalId: `${seed}-${letter}`, reason: 'A customer changed her mind' };
  return message('storefront.order-cancellation-requested.v1', `${seed}-${letter}-no-${copy}`, data);
}

const ADDRESS = { street: 'Rua Augusta', city: 'São Paulo', state: 'SP', postalCode: '01305-000', country: 'BR' };

function message(type: string, id: string, data: object): Sent {
  const envelope = {
    specversion: '1.0',
    id,
    source: `/storefront/${CHANNEL}`,
    type,
    time: new Date(EPOCH).toISOString(),
    datacontenttype: 'application/json',
    data,
  };
  return {
    exchange: exchangeOf(type),
    routingKey: type,
    contentType: 'application/cloudevents+json',
    messageId: id,
    headers: {},
    body: Buffer.from(JSON.stringify(envelope)),
  };
}
