import { draftEntry, EntryReader, headOf, inputOf, sealEntry, unreadableInputOf } from './journal.js';

const at = new Date('2026-03-02T12:00:00Z');
const raw = (body: string) => ({
  ...{ exchange: 'storefront', routingKey: 'storefront.order-submitted.v1', contentType: 'application/json' },
  ...{ messageId: 'm', headers: { x: 1 }, body: Buffer.from(body) },
});
const work = { department: 'sales', step: 'sales.place-order', cause: 'messages', at, handled: ['k'] } as const;

describe('an entry of the journal', () => {
  it('is read as it was written: what was done, with which inputs and events', () => {
    const head = headOf({ ...work, inputs: [inputOf('k', raw('{"id":"m","data":{"n":[1]}}'))], answers: [null] });
    const draft = draftEntry([{ id: 'e', type: 't', body: Buffer.from('{"id":"e","type":"t"}') }], head);
    expect(draft.envelopes.toString()).toBe('[{"id":"e","type":"t"}]');
    const [message, ...more] = sealEntry('sales', 'row', '1764000000.123456', draft);
    expect(more).toEqual([]);
    expect(message).toMatchObject({ id: 'row', type: 'sales', exchange: 'retaguarda.journal' });
    expect(new EntryReader().take('sales', 'row', message!.body)).toEqual({
      ...{ id: 'row', department: 'sales', step: 'sales.place-order', cause: 'messages', at: at.toISOString() },
      ...{ written: '1764000000.123456', handled: ['k'], answers: [null], events: [{ id: 'e', type: 't' }] },
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
    const event = { id: 'e', type: '🛍'.repeat(1_000_001) };
    const draft = draftEntry([{ ...event, body: Buffer.from(JSON.stringify(event)) }], headOf(work));
    const parts = sealEntry('sales', 'row', '1764000000.123456', draft);
    expect(parts.length).toBe(2);
    const reader = new EntryReader();
    const take = (n: number) => reader.take('sales', parts[n]!.id, parts[n]!.body);
    expect([take(1), take(1)]).toEqual([undefined, undefined]);
    expect(take(0)?.events).toEqual([event]);
    expect(take(0)).toBeUndefined();
  });
});
