import type { Sale } from './read-sales.js';
import { toOrders } from './to-orders.js';

let row = 1;

function sale(invoice: string, some: Partial<Sale> = {}): Sale {
  row += 1;
  const item = { sku: '71053', description: 'WHITE METAL LANTERN', quantity: 6, unitPrice: 339 };
  return { row, invoice, ...item, soldAt: '2010-12-01T08:26:00.000Z', customer: '17850', country: 'EIRE', ...some };
}

const credit = (invoice: string, some: Partial<Sale> = {}) =>
  sale(invoice, { quantity: -6, soldAt: '2010-12-01T09:00:00.000Z', ...some });
const outcomesOf = (...sales: Sale[]) => toOrders(sales).outcomes.map(({ outcome }) => outcome);

describe('Orders of the shop', () => {
  it('makes one order of one invoice, with a line for each goods row', () => {
    const { orders } = toOrders([sale('536365'), sale('536365', { sku: '22752', unitPrice: 765 }), sale('536366')]);
    expect(orders.map(({ externalId, lines }) => [externalId, lines.length])).toEqual([
      ['536365', 2],
      ['536366', 1],
    ]);
    expect(orders[0]).toMatchObject({
      channel: 'gift-shop',
      placedAt: '2010-12-01T08:26:00.000Z',
      currency: 'GBP',
      customer: { name: 'Customer 17850' },
      delivery: { method: 'ship', address: { street: 'Sample Street', country: 'IE' } },
      shippingFee: 0,
    });
  });

  it('keeps rows of the same SKU apart, because their prices can differ', () => {
    const { orders, catalogue } = toOrders([
      sale('536544', { unitPrice: 1_698, quantity: 1 }),
      sale('536544', { quantity: 2 }),
    ]);
    expect(orders[0]?.lines.map(({ sku, unitPrice, quantity }) => [sku, unitPrice, quantity])).toEqual([
      ['71053', 1_698, 1],
      ['71053', 339, 2],
    ]);
    expect(catalogue).toEqual([{ sku: '71053', name: 'WHITE METAL LANTERN', demand: 3 }]);
  });

  it.each(['POST', 'DOT', 'C2'])('makes %s the shipping fee of its order', (sku) => {
    const { orders, outcomes } = toOrders([sale('1'), sale('1', { sku, quantity: 3, unitPrice: 1_800 })]);
    expect(orders[0]).toMatchObject({ shippingFee: 5_400, delivery: { method: 'ship' } });
    expect(outcomes[1]?.outcome).toBe('shipping fee');
  });

  it('makes a charge typed in by hand a service line, so that the total stays that of the invoice', () => {
    const { orders, catalogue } = toOrders([sale('1'), sale('1', { sku: 'M', description: 'Manual', quantity: 1 })]);
    expect(orders[0]?.lines[1]).toMatchObject({ sku: 'M', name: 'Manual', unitPrice: 339, kind: 'service' });
    expect(catalogue.map(({ sku }) => sku)).not.toContain('M');
  });

  it('takes a gift at price 0 as goods, if a customer gets it', () => {
    expect(outcomesOf(sale('1', { unitPrice: 0 }))).toEqual(['order line']);
    expect(outcomesOf(sale('1', { customer: undefined }), sale('1', { customer: undefined, unitPrice: 0 }))).toEqual([
      'order line',
      'order line',
    ]);
  });

  it('makes no order of what the shop corrected on its shelf', () => {
    const nobody = { customer: undefined, unitPrice: 0 };
    expect(outcomesOf(sale('1', { ...nobody, description: '' }))).toEqual(['stock correction']);
    expect(outcomesOf(sale('1', { ...nobody, description: 'damages', quantity: -10 }))).toEqual(['stock correction']);
    expect(outcomesOf(sale('1', { ...nobody, description: 'found' }))).toEqual(['stock correction']);
  });

  it('makes no order of an invoice without goods', () => {
    expect(outcomesOf(sale('1', { sku: 'BANK CHARGES' }))).toEqual(['bookkeeping']);
    expect(outcomesOf(sale('1', { sku: 'M', quantity: -1 }))).toEqual(['bookkeeping']);
    expect(outcomesOf(sale('1', { sku: 'POST' }), sale('1', { sku: 'M' }))).toEqual([
      'charge without goods',
      'charge without goods',
    ]);
  });

  it('sells to a guest over the counter when nobody is named and nothing was paid for postage', () => {
    const { orders } = toOrders([sale('1', { customer: undefined })]);
    expect(orders[0]).toMatchObject({ customer: { name: 'Guest' }, delivery: { method: 'pickup' } });
  });

  it('lets an order be collected when its country is none that one can ship to', () => {
    expect(toOrders([sale('1', { country: 'Unspecified' })]).orders[0]?.delivery).toEqual({ method: 'pickup' });
  });

  it('names a line without a description by its SKU', () => {
    expect(toOrders([sale('1', { description: '' })]).orders[0]?.lines[0]?.name).toBe('71053');
  });
});

describe('Credit invoices', () => {
  it('request the cancellation of an order that they cover as a whole', () => {
    const [ordered, other, credited] = [sale('536365'), sale('536366', { customer: '1' }), credit('C536379')];
    const { cancellations, outcomes } = toOrders([ordered, other, credited]);
    expect(cancellations).toEqual([
      {
        externalId: '536365',
        reason: 'Credit invoice C536379 covers the whole order',
        creditInvoice: 'C536379',
        rows: [credited.row],
        afterOrders: 2,
      },
    ]);
    expect(outcomes.at(-1)).toMatchObject({ row: credited.row, outcome: 'cancellation request' });
  });

  it('count rows of the same SKU together', () => {
    const sold = [sale('1', { quantity: 4 }), sale('1', { quantity: 2, unitPrice: 99 })];
    expect(outcomesOf(...sold, credit('C2')).at(-1)).toBe('cancellation request');
  });

  it('count as a partial return when they cover less, and say of which order', () => {
    const { outcomes } = toOrders([sale('536365'), credit('C536379', { quantity: -2 })]);
    expect(outcomes[1]).toMatchObject({ outcome: 'partial return' });
    expect(outcomes[1]?.why).toContain('order 536365');
  });

  it.each<[string, Partial<Sale>]>([
    ['another customer bought', { customer: '1' }],
    ['nobody is named for', { customer: undefined }],
    ['were not in the order', { sku: '22752' }],
    ['are more than were sold', { quantity: -7 }],
    ['were sold later only', { soldAt: '2010-12-01T08:00:00.000Z' }],
  ])('have no order to cancel when their goods %s', (_, some) => {
    expect(outcomesOf(sale('536365'), credit('C536379', some)).at(-1)).toBe('unmatched return');
  });

  it('never claim the same piece twice', () => {
    expect(outcomesOf(sale('1'), credit('C2'), credit('C3')).slice(1)).toEqual([
      'cancellation request',
      'unmatched return',
    ]);
  });

  it('take the latest order when several would do', () => {
    const { cancellations } = toOrders([sale('1'), sale('2'), credit('C3')]);
    expect(cancellations.map(({ externalId }) => externalId)).toEqual(['2']);
  });

  it('over a discount or a fee are counted as such', () => {
    expect(outcomesOf(sale('1'), credit('C2', { sku: 'D', quantity: -1 })).at(-1)).toBe('later credit');
  });
});
