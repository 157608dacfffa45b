/** Code as the house style wants it, where it wants it. */
export const cleanSamples = [
  {
    that: 'a handler that loads under lock, decides, saves and returns',
    at: 'services/stock/src/shelves/reserve-stock.ts',
    code: `import { StockRejected, StockReserved, type OrderPlaced } from '@retaguarda/contracts';
import type { Handles, Tx } from '@retaguarda/messaging';
import { Shelf } from './shelf.entity.js';

export class ReserveStock implements Handles<OrderPlaced, StockReserved | StockRejected> {
  async handle({ orderId, lines }: OrderPlaced, tx: Tx) {
    const shelf = await Shelf.lock(tx, lines);
    const missing = shelf.missing(lines);
    if (missing.length > 0) return StockRejected.of({ orderId, missing });
    await tx.save(shelf.reserve(orderId, lines, new Date(tx.now)));
    return StockReserved.of({ orderId, lines });
  }
}
`,
  },
  {
    that: 'a gateway that speaks to the outside',
    at: 'services/billing/src/charges/provider.gateway.ts',
    code: "export const ask = (url: string) => fetch(url, { method: 'POST' });\n",
  },
  {
    that: 'a domain word that begins with Service or contains Base',
    at: 'services/sales/src/orders/service-order.entity.ts',
    code: 'export class ServiceOrder {}\nexport class TaxBasis {}\nexport interface ItemDatabase {\n  id: string;\n}\n',
  },
  {
    that: 'a test of a department with the testing library and a broker client',
    at: 'services/stock/test/stock.int.spec.ts',
    code: `import { given } from '@retaguarda/testing';
import { connect } from 'amqplib';

describe('a shelf', () => {
  it.each([1, 2])('gives out what it has (%i)', async (quantity) => {
    await given(connect, quantity);
  });
});
`,
  },
  ...['money', 'database', 'messaging', 'department', 'infrastructure'].map((name) => ({
    that: `the ${name} library's own test with the testing library`,
    at: `libs/${name}/src/promise.spec.ts`,
    code: "import { given } from '@retaguarda/testing';\n\nit('holds', () => given());\n",
  })),
  ...[
    ['libs/messaging/src/rabbit/connection.ts', 'amqplib'],
    ['libs/infrastructure/src/broker.ts', 'amqplib'],
    ['deploy/local/src/orders/storefront.ts', 'amqplib'],
    ['libs/messaging/src/inbox/inbox.ts', '@retaguarda/database'],
    ['libs/department/src/boot.ts', '@retaguarda/messaging'],
    ['libs/testing/src/spy.ts', '@retaguarda/department'],
    ['libs/testing/src/spy.ts', './servers/index.js'],
    ['deploy/local/src/launch.ts', '@retaguarda/infrastructure'],
    ['services/acceptance/src/company.ts', '@retaguarda/testing'],
    ['services/acceptance/src/simulation/company.ts', '@retaguarda/stock/stock.module'],
  ].map(([at, name]) => ({
    that: `${at} imports ${name}`,
    at: at!,
    code: `import { anything } from '${name}';\n\nexport const used = anything;\n`,
  })),
];
