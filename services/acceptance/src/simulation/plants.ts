import { exchangeOf } from '@retaguarda/messaging';
import type { DepartmentName, SimulatedCompany } from './company.js';
import { departmentNames } from './company.js';
import type { Intercept } from './watched-source.js';

/** Faults that tests plant, to see that the simulation finds them. Nothing of this is in the departments. */
export const plants: Readonly<Record<string, (company: SimulatedCompany) => void>> = {
  'messages are acked before the commit': (company) => {
    company.acksBeforeCommit = true;
  },
  'the inbox is not asked': (company) => {
    for (const name of departmentNames) intercept(company, name, 'insert into inbox', () => [{ claimed: null }]);
  },
  'stock reserves again for an order that it decided on': (company) =>
    intercept(company, 'stock', 'insert into reservations ', ([ids]) =>
      (ids as string[]).map((id) => ({ order_id: id })),
    ),
  'fulfillment picks an order that was stopped': (company) =>
    intercept(company, 'fulfillment', 'insert into pick_lists', ([drafts], rows) => {
      const lists = JSON.parse(drafts as string) as { id: string; order?: unknown }[];
      return lists[0]?.order ? lists.map(({ id }) => ({ id })) : rows;
    }),
  'billing forgets its ledger': ({ departments: { billing } }) => {
    billing.watched.intercept = (sql, _, run) =>
      sql.includes('insert into ledger_entries') ? Promise.resolve([]) : run();
  },
  'events are published before the commit': (company) => {
    for (const name of departmentNames)
      intercept(company, name, 'insert into outbox', ([, envelopes], rows) => {
        publish(company, envelopes as string);
        return rows;
      });
  },
};

/** Takes out what was planted. */
export function pullUp(company: SimulatedCompany): void {
  company.acksBeforeCommit = false;
  for (const { watched } of Object.values(company.departments)) watched.intercept = undefined;
}

function intercept(
  company: SimulatedCompany,
  name: DepartmentName,
  statement: string,
  answer: (parameters: readonly unknown[], rows: unknown) => unknown,
): void {
  const planted: Intercept = async (sql, parameters, run) => {
    const rows = await run();
    return sql.includes(statement) ? answer(parameters, rows) : rows;
  };
  company.departments[name].watched.intercept = planted;
}

function publish({ broker }: SimulatedCompany, envelopes: string): void {
  for (const envelope of JSON.parse(envelopes) as { id: string; type: string }[]) {
    const message = broker.keep({
      exchange: exchangeOf(envelope.type),
      routingKey: envelope.type,
      contentType: 'application/cloudevents+json',
      messageId: envelope.id,
      headers: {},
      body: Buffer.from(JSON.stringify(envelope)),
    });
    broker.taken.set(envelope.id, message.name);
    broker.route(message);
  }
}
