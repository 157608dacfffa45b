import { dayOf } from '../../test/orders-of-a-day.js';
import type { Submission } from './repeat.js';
import { storefrontEvent } from './storefront-event.js';

const [order, other] = dayOf(2).orders.map((one): Submission => ({ kind: 'order', order: one })) as [
  Submission,
  Submission,
];
const cancellation: Submission = {
  kind: 'cancellation',
  cancellation: { channel: 'gift-shop', externalId: '1000', reason: 'x' },
  isSimulated: true,
};
const now = new Date('2026-03-02T10:15:30Z');

describe('A message of the storefront', () => {
  it('is a CloudEvent that carries the order and nothing else', () => {
    expect(storefrontEvent(order, now)).toEqual({
      specversion: '1.0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      source: '/storefronts/gift-shop',
      type: 'storefront.order-submitted.v1',
      time: '2026-03-02T10:15:30.000Z',
      subject: '1000',
      datacontenttype: 'application/json',
      data: (order as { order: object }).order,
    });
  });

  it('has the same id when the same order is sent again, and another for anything else', () => {
    expect(storefrontEvent(order, now).id).toBe(storefrontEvent(order, new Date(0)).id);
    const ids = [order, other, cancellation].map((one) => storefrontEvent(one, now).id);
    expect(new Set(ids).size).toBe(3);
  });

  it('tells the back office whether a customer cancelled, never that this was simulated', () => {
    expect(storefrontEvent(cancellation, now)).toMatchObject({
      type: 'storefront.order-cancellation-requested.v1',
      data: { channel: 'gift-shop', externalId: '1000', reason: 'x' },
    });
    expect(JSON.stringify(storefrontEvent(cancellation, now))).not.toContain('isSimulated');
  });
});
