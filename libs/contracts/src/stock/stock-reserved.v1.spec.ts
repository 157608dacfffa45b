import { totalOf } from '../sales/sums.js';
import { OrderSubmitted } from '../storefront/order-submitted.v1.js';
import { maxLinesBytes } from '../storefront/lines-size.js';
import { validate } from '../validate.js';
import { StockReserved } from './stock-reserved.v1.js';

/** What an envelope may have at most, less room for its own fields. */
const MAX_DATA_BYTES = 998_000;
const wide = (length: number) => '\u{1F9F5}'.repeat(length);

/** 1,000 lines up to the last byte, with the SKUs that make them grow the most when they are reserved. */
function longestOrder() {
  const lineOf = (n: number, name: string) => ({
    ...{ sku: wide(57) + String(n).padStart(3, '0'), name, quantity: 1_000, unitPrice: 1_000_000, discount: 0 },
    kind: 'goods' as const,
  });
  const bare = JSON.stringify(Array.from({ length: 1_000 }, (_, n) => lineOf(n, '')));
  const spare = Math.floor((maxLinesBytes - Buffer.byteLength(bare)) / 1_000);
  const lines = Array.from({ length: 1_000 }, (_, n) => lineOf(n, 'a'.repeat(spare)));
  const text = '\u0001a'.repeat(1_000);
  return { ...OrderSubmitted.example, lines, notes: text };
}

describe('the longest order that the door takes', () => {
  const submitted = longestOrder();

  it('is taken, and one with a bit more is not', () => {
    expect(validate(OrderSubmitted, submitted)).toHaveProperty('event');
    const longer = submitted.lines.map((line) => ({ ...line, name: `${line.name}bb` }));
    expect(validate(OrderSubmitted, { ...submitted, lines: longer })).toMatchObject({ reasons: [{ field: 'lines' }] });
  });

  it('still fits a message when each line is reserved at a location with the longest name', () => {
    const lines = submitted.lines.map((line, n) => ({ line: n + 1, ...line }));
    const order = { ...submitted, lines, total: totalOf(submitted) };
    const reserved = lines.map(({ sku, quantity }) => ({ sku, quantity, location: wide(60) }));
    const data = { orderId: StockReserved.example.orderId, lines: reserved, order };
    expect(validate(StockReserved, data)).toHaveProperty('event');
    expect(Buffer.byteLength(JSON.stringify(data))).toBeLessThan(MAX_DATA_BYTES);
  });

  it('may come from several locations an item', () => {
    const [line] = StockReserved.example.lines;
    const lines = Array.from({ length: 10_000 }, (_, n) => ({ ...line, location: `shelf-${n}` }));
    expect(validate(StockReserved, { ...StockReserved.example, lines })).toHaveProperty('event');
  });
});
