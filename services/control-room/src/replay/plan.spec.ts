import type { JournalEntry } from '@retaguarda/messaging';
import { Past } from './past.js';
import { planOf } from './plan.js';

const takers = new Map([['sales.order-placed.v1', ['stock.reserve-stock']]]);
const placed = (id: string) => ({ id, type: 'sales.order-placed.v1', data: { orderId: id } });
const entry = (id: string, changes: Partial<JournalEntry>): JournalEntry => ({
  ...{ id, department: 'stock', step: 'stock.reserve-stock', cause: 'messages', at: '2026-03-02T12:00:00.000Z' },
  ...{ written: '100.000001', handled: [], inputs: [], events: [] },
  ...changes,
});
const never = () => false;

/** What sales told of orders a, b and c. */
const told = entry('sales-1', { department: 'sales', events: [placed('a'), placed('b'), placed('c')] });
const pastOf = (...entries: JournalEntry[]) => {
  const past = new Past('stock', takers);
  for (const one of [told, ...entries]) past.take(one);
  return past;
};

describe('what is to be done again', () => {
  it('is what the inbox does not know, in the order of the writes, with what others told', () => {
    const past = pastOf(
      entry('2', { written: '100.000002', handled: ['b'] }),
      entry('1', { handled: ['a'], events: [{ id: 'e', type: 'stock.stock-reserved.v1' }] }),
      entry('0', { written: '99.999999', handled: ['old'] }),
    );
    const { replays, known, missing } = planOf(past, (_, key) => key === 'old', never);
    expect(replays.map(({ id, messages }) => [id, messages.map(({ key }) => key)])).toEqual([
      ['1', ['a']],
      ['2', ['b']],
    ]);
    const [{ messages, events }] = replays as [(typeof replays)[number]];
    expect(JSON.parse(Buffer.from(messages[0]!.base64, 'base64').toString())).toEqual(placed('a'));
    expect(messages[0]).toMatchObject({ exchange: 'retaguarda', routingKey: 'sales.order-placed.v1', messageId: 'a' });
    expect(events).toEqual([{ id: 'e', type: 'stock.stock-reserved.v1' }]);
    expect([known, missing]).toEqual([1, []]);
  });

  it('takes from the entry itself what nobody else told: the body of a door, a storefront, an answer', () => {
    const from = { exchange: '', routingKey: '', contentType: undefined, messageId: undefined, headers: {} };
    const input = { key: 'http-1', ...from, body: { data: { reference: 'R-1' } } };
    const door = entry('1', { step: 'stock.receive-goods', cause: 'door', handled: ['http-1'], inputs: [input] });
    const { replays } = planOf(pastOf(door), never, never);
    expect(JSON.parse(Buffer.from(replays[0]!.messages[0]!.base64, 'base64').toString())).toEqual(input.body);
  });

  it('says which messages it has not got', () => {
    const { missing } = planOf(pastOf(entry('1', { handled: ['a', 'long ago'] })), never, never);
    expect(missing).toEqual(['long ago']);
  });

  it('gives back what was told and never finished, unless the department has it put aside', () => {
    const past = pastOf(entry('1', { handled: ['a'] }));
    const { givenBack } = planOf(past, never, (_, key) => key === 'c');
    expect(givenBack.map(({ step, message }) => [step, message.key])).toEqual([['stock.reserve-stock', 'b']]);
  });

  it('is nothing once all of it is done', () => {
    const past = pastOf(entry('1', { handled: ['a', 'b', 'c'] }));
    expect(planOf(past, () => true, never)).toEqual({ replays: [], givenBack: [], known: 1, missing: [] });
  });
});
