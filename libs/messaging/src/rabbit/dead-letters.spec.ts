import { systemClock } from '@retaguarda/database';
import { EventEmitter } from 'node:events';
import type { DataSource } from 'typeorm';
import type { Incoming } from '../pipeline/step.js';
import { Gate } from '../retry/gate.js';
import { parkDeadLetters } from './dead-letters.js';

function message(headers: Record<string, unknown>): Incoming {
  return {
    exchange: 'retaguarda.dead',
    routingKey: 'bakery',
    contentType: undefined,
    messageId: undefined,
    headers,
    body: Buffer.from('{}'),
    mayHaveCrashed: false,
    attempts: 0,
    early: 0,
    fromDeferred: false,
  };
}

const death = (queue: unknown) => ({ 'x-death': [{ queue, reason: 'delivery_limit', count: 1 }] });

/** A database that keeps rows in memory and refuses those whose headers it cannot read. */
function parking() {
  const rows: { step: unknown; headers: unknown; reasons: unknown }[] = [];
  const query = (sql: string, parameters: unknown[]) => {
    if (sql.includes('outbox')) return Promise.resolve([{ written: '0' }]);
    if (String(parameters[9]).includes('refused')) return Promise.reject(new Error('the database refused a row'));
    rows.push({ step: parameters[1], headers: parameters[9], reasons: parameters[12] });
    return Promise.resolve([]);
  };
  const queryRunner = { connect: () => Promise.resolve(new EventEmitter()) };
  const transaction = async (work: (manager: unknown) => Promise<unknown>) => {
    const before = rows.length;
    try {
      return await work({ query, queryRunner });
    } catch (error) {
      rows.length = before;
      throw error;
    }
  };
  const source = { transaction } as unknown as DataSource;
  return { rows, take: parkDeadLetters(source, systemClock, new Gate(source), 'bakery') };
}

describe('what the broker gave up on', () => {
  it.each([
    ['of a queue of the department', 'bakery.bake-bread', 'bakery.bake-bread'],
    ['of a queue of somebody else', 'sales.place-order', 'bakery.dead'],
    ['that names no queue', 7, 'bakery.dead'],
    ['of a name that is too long', `bakery.${'x'.repeat(300)}`, 'bakery.dead'],
  ])('is parked under its step only if it says so %s', async (_what, queue, step) => {
    const { rows, take } = parking();
    await take([message(death(queue))]);
    expect(rows.map((row) => row.step)).toEqual([step]);
  });

  it.each([
    ['has no form of a text', { toString: 1, valueOf: 1 }],
    ['has no prototype', Object.create(null)],
    ['is a text of its own', 'Joana 529.982.247-25'],
  ])('is parked in our words when the reason in a forged header %s', async (_what, forged) => {
    const { rows, take } = parking();
    const fields = { reason: forged, count: forged, exchange: forged, 'routing-keys': [forged] };
    await take([message({ 'x-death': [{ queue: 'bakery.bake-bread', ...fields }] })]);
    expect(rows.map(({ step }) => step)).toEqual(['bakery.bake-bread']);
    expect(rows[0]!.reasons).toContain('dead-lettered');
    expect(rows[0]!.reasons).not.toContain('Joana');
  });

  it('is parked without its headers rather than not at all, and holds up no other', async () => {
    const { rows, take } = parking();
    await take([message({ a: 1 }), message({ a: 'refused' }), message({ a: 3 })]);
    expect(rows.map(({ headers }) => headers)).toEqual(['{"a":1}', '{}', '{"a":3}']);
  });
});
