import { OrderSubmitted } from './order-submitted.v1.js';
import { validate } from '../validate.js';

type Data = Record<string, unknown>;

const example = (): Data => JSON.parse(JSON.stringify(OrderSubmitted.example)) as Data;
const line = (changes: Data = {}): Data => ({ sku: '85123A', name: 'HEART', quantity: 6, unitPrice: 255, ...changes });

function reasonsFor(changes: Data) {
  const verdict = validate(OrderSubmitted, { ...example(), ...changes });
  return 'reasons' in verdict ? verdict.reasons : [];
}

const refusedFields = (changes: Data) => reasonsFor(changes).map(({ field }) => field);

describe('the storefront door', () => {
  it.each([
    ['thousands of pieces of one item', { lines: [line({ quantity: 19_152 })] }],
    ['a price of 0', { lines: [line({ unitPrice: 0 })] }],
    ['a line without a name', { lines: [line({ name: '' })] }],
    ['the SKUs of real shops', { lines: ['85123A', 'gift_0001_20', 'BANK CHARGES', 'C2'].map((sku) => line({ sku })) }],
    ['a discount of the whole line', { lines: [line({ discount: 6 * 255 })] }],
    ['1,000 lines', { lines: Array.from({ length: 1_000 }, () => line()) }],
    [
      '1,000 lines with the longest Latin names',
      { lines: Array.from({ length: 1_000 }, () => line({ sku: 'A'.repeat(60), name: 'a'.repeat(200) })) },
    ],
    ['a million pieces', { lines: [line({ quantity: 1_000_000 })] }],
    ['a price at the limit', { lines: [line({ quantity: 1, unitPrice: 1e12 })] }],
    ['a pickup without an address', { delivery: { method: 'pickup' } }],
    ['a service', { lines: [line({ kind: 'service' })] }],
    ['48 installments', { payment: { terms: 'on-invoice', method: 'card', installments: 48 } }],
    ['a customer of whom only the name is known', { customer: { name: 'Guest' } }],
    ['names in any script', { customer: { name: '陳大文 👩🏽‍🔧' } }],
    ['a leap day', { placedAt: '2028-02-29T23:59:59.999+14:00' }],
  ])('takes %s', (_, changes) => {
    expect(reasonsFor(changes)).toEqual([]);
  });

  it.each([
    ['a channel in capitals', { channel: 'Loja' }, 'channel'],
    ['a channel of 61 characters', { channel: 'a'.repeat(61) }, 'channel'],
    ['an order number of 121 characters', { externalId: '1'.repeat(121) }, 'externalId'],
    ['an order number with a line break', { externalId: '10\n42' }, 'externalId'],
    ['no order number', { externalId: '' }, 'externalId'],
    ['a SKU of 61 characters', { lines: [line({ sku: 'A'.repeat(61) })] }, 'lines[0].sku'],
    ['a SKU with a blank behind it', { lines: [line({ sku: '85123A ' })] }, 'lines[0].sku'],
    ['an item name of 201 characters', { lines: [line({ name: 'a'.repeat(201) })] }, 'lines[0].name'],
    ['notes of 2,001 characters', { notes: 'a'.repeat(2_001) }, 'notes'],
    ['a customer name of 201 characters', { customer: { name: 'a'.repeat(201) } }, 'customer.name'],
    ['a long name that hides in variation selectors', { customer: { name: 'a\ufe0f'.repeat(201) } }, 'customer.name'],
    ['text that no database can keep', { customer: { name: 'Jo\u0000ana' } }, 'customer.name'],
    ['half a character', { notes: 'so\ud83d' }, 'notes'],
    ['no piece', { lines: [line({ quantity: 0 })] }, 'lines[0].quantity'],
    ['half a piece', { lines: [line({ quantity: 0.5 })] }, 'lines[0].quantity'],
    ['more than a million pieces', { lines: [line({ quantity: 1_000_001 })] }, 'lines[0].quantity'],
    ['a quantity as text', { lines: [line({ quantity: '6' })] }, 'lines[0].quantity'],
    ['a negative price', { lines: [line({ unitPrice: -1 })] }, 'lines[0].unitPrice'],
    ['a price in fractions of a cent', { lines: [line({ unitPrice: 2.55 })] }, 'lines[0].unitPrice'],
    ['a price beyond the limit', { lines: [line({ unitPrice: 1e12 + 1 })] }, 'lines[0].unitPrice'],
    ['a discount beyond the line', { lines: [line({ discount: 6 * 255 + 1 })] }, 'lines[0].discount'],
    ['a negative discount', { lines: [line({ discount: -1 })] }, 'lines[0].discount'],
    ['a negative shipping fee', { shippingFee: -1 }, 'shippingFee'],
    ['a sum that is no exact integer any more', { lines: [line({ quantity: 1_001, unitPrice: 1e12 })] }, 'lines'],
    ['no line', { lines: [] }, 'lines'],
    ['10,000 lines', { lines: Array.from({ length: 10_000 }, () => line()) }, 'lines'],
    [
      'lines that would outgrow a message on their way',
      { lines: Array.from({ length: 1_000 }, () => line({ name: 'é'.repeat(200) })) },
      'lines',
    ],
    ['lines that are no list', { lines: { 0: line() } }, 'lines'],
    ['an unknown kind of line', { lines: [line({ kind: 'gift' })] }, 'lines[0].kind'],
    ['a currency that does not exist', { currency: 'BRR' }, 'currency'],
    ['a currency in small letters', { currency: 'brl' }, 'currency'],
    ['a date without offset', { placedAt: '2026-03-02T10:15:30' }, 'placedAt'],
    ['a day that does not exist', { placedAt: '2026-02-29T10:15:30Z' }, 'placedAt'],
    ['a time that does not exist', { placedAt: '2026-03-02T24:00:00Z' }, 'placedAt'],
    ['the year 0', { placedAt: '0000-01-01T00:00:00Z' }, 'placedAt'],
    ['an e-mail address without a domain', { customer: { name: 'J', email: 'joana@' } }, 'customer.email'],
    ['a shipment without an address', { delivery: { method: 'ship' } }, 'delivery.address'],
    ['a shipment to nowhere', { delivery: { method: 'ship', address: null } }, 'delivery.address'],
    ['an unknown way of delivery', { delivery: { method: 'drone' } }, 'delivery.method'],
    ['49 installments', { payment: { terms: 'on-invoice', method: 'card', installments: 49 } }, 'payment.installments'],
    ['unknown terms', { payment: { terms: 'later', method: 'card' } }, 'payment.terms'],
    ['an unknown way to pay', { payment: { terms: 'prepaid', method: 'cash' } }, 'payment.method'],
  ])('refuses %s', (_, changes, field) => {
    expect(refusedFields(changes)).toEqual([field]);
  });

  it.each(['br', 'BRA', 'XX'])('refuses the country %s', (country) => {
    const address = { ...OrderSubmitted.example.delivery.address, country };
    expect(refusedFields({ delivery: { method: 'ship', address } })).toEqual(['delivery.address.country']);
  });

  it('looks at the address of a pickup too, if there is one', () => {
    expect(refusedFields({ delivery: { method: 'pickup', address: 'around the corner' } })).toEqual([
      'delivery.address',
    ]);
  });
});
