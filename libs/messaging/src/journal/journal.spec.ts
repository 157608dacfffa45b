import { EntryReader, headOf, inputOf, sealEntry, unreadableInputOf } from './journal.js';

const at = new Date('2026-03-02T12:00:00Z');
const raw = (body: string) => ({
  ...{ exchange: 'storefront', routingKey: 'storefront.order-submitted.v1', contentType: 'application/json' },
  ...{ messageId: 'm', headers: { x: 1 }, body: Buffer.from(body) },
});
const work = { department: 'sales', step: 'sales.place-order', cause: 'messages', at, handled: ['k'] } as const;

describe('an entry of the journal', () => {
  it('is read as it was written: what was done, with which inputs and events', () => {
    const head = headOf({ ...work, inputs: [inputOf('k', raw('{"id":"m","data":{"n":[1]}}'))], answers: [null] });
    const [message, ...more] = sealEntry('sales', {
      id: 'row',
      head,
      written: '100.5',
      events: '[{"id":"e","type":"t"}]',
    });
    expect(more).toEqual([]);
    expect(message).toMatchObject({ id: 'row', type: 'sales', exchange: 'retaguarda.journal' });
    expect(new EntryReader().take('sales', 'row', Buffer.from(message!.body))).toEqual({
      ...{ id: 'row', department: 'sales', step: 'sales.place-order', cause: 'messages', at: at.toISOString() },
      ...{ written: '100.5', handled: ['k'], answers: [null], events: [{ id: 'e', type: 't' }] },
      inputs: [
        expect.objectContaining({
          key: 'k',
          routingKey: 'storefront.order-submitted.v1',
          body: { id: 'm', data: { n: [1] } },
        }),
      ],
    });
  });

  it('keeps what is no JSON byte by byte', () => {
    const { base64 } = JSON.parse(unreadableInputOf('k', raw('{not'))) as { base64: string };
    expect(Buffer.from(base64, 'base64').toString()).toBe('{not');
  });

  it('comes in parts when it is very large, in any order, some of them twice, and no character is cut', () => {
    const events = `[{"id":"e","type":"${'🛍'.repeat(1_500_001)}"}]`;
    const parts = sealEntry('sales', { id: 'row', head: headOf(work), written: '100.5', events });
    expect(parts.length).toBe(2);
    const reader = new EntryReader();
    const take = (n: number) => reader.take('sales', parts[n]!.id, Buffer.from(parts[n]!.body));
    expect([take(1), take(1)]).toEqual([undefined, undefined]);
    expect(take(0)?.events).toEqual(JSON.parse(events));
    expect(take(0)).toBeUndefined();
  });
});
