import fc from 'fast-check';
import { merged, streamOf } from './order-facts.js';

fc.configureGlobal({ seed: 20_261_124 });

type Rows = { orderId: string }[];

async function* paged(ids: readonly number[], size: number): AsyncGenerator<Rows, void, void> {
  const rows = [...ids].sort((a, b) => a - b).map((id) => ({ orderId: String(id).padStart(3, '0') }));
  for (let start = 0; start < rows.length; start += size) {
    yield await Promise.resolve(rows.slice(start, start + size));
  }
}

describe('the facts of an order', () => {
  it('come together from all departments, once for each order, whatever the pages are', async () => {
    const ids = fc.uniqueArray(fc.nat(60), { maxLength: 40 });
    const waiting = fc.array(fc.nat(60), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(ids, ids, waiting, fc.integer({ min: 1, max: 7 }), async (placed, reserved, messages, size) => {
        const seen = new Map<number, string>();
        const streams = [
          streamOf('sales', paged(placed, size)),
          streamOf('stock', paged(reserved, size + 2)),
          streamOf('messages', paged(messages, size)),
        ];
        for await (const batch of merged(streams))
          for (const { orderId, sales, stock, messages } of batch) {
            expect(seen.has(Number(orderId))).toBe(false);
            seen.set(Number(orderId), `${sales ? 1 : 0}${stock ? 1 : 0}${messages.length}`);
          }
        const expected = [...new Set([...placed, ...reserved, ...messages])].map((id) => {
          const count = messages.filter((other) => other === id).length;
          return [id, `${placed.includes(id) ? 1 : 0}${reserved.includes(id) ? 1 : 0}${count}`] as const;
        });
        expect(seen).toEqual(new Map(expected));
      }),
    );
  });
});
