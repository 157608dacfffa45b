import { OrderCancelled, OrderPacked, OrderPlaced } from '@retaguarda/contracts';
import { testProcess, type OfflineDepartment } from '@retaguarda/testing';
import { stock } from '../src/stock.module.js';

const { orderId, channel, externalId } = OrderPlaced.example;
const cancelled = OrderCancelled.of({ orderId, channel, externalId, reasons: ['customer'], wasPacked: true });

async function receive(at: OfflineDepartment) {
  const lines = OrderPlaced.example.lines.map(({ sku, name, quantity }) => ({ sku, name, quantity: quantity * 10 }));
  expect(await at.http('POST', '/receipts', { reference: 'delivery 1', lines })).toMatchObject({ status: 201 });
}

async function reserve(at: OfflineDepartment) {
  await receive(at);
  await at.deliver('reserve-stock', OrderPlaced.example);
}

testProcess(stock, {
  'reserve-stock': {
    given: receive,
    event: OrderPlaced.example,
    early: 'starts',
    end: async (at) => {
      await at.deliver('take-from-shelf', OrderPacked.example);
    },
  },
  'take-from-shelf': {
    given: reserve,
    event: OrderPacked.example,
    early: 'waits',
    end: (at) => at.deliver('release-stock', cancelled),
  },
  'release-stock': { given: reserve, event: cancelled, early: 'is remembered' },
});
