import type { EventClass } from '@retaguarda/contracts';
import {
  CancellationRefused,
  InvoiceIssued,
  OrderCancellationRequested,
  OrderPacked,
  OrderPlaced,
  OrderShipped,
  OrderStopped,
  OrderSubmitted,
  PaymentReceived,
  StockRejected,
  StockReserved,
} from '@retaguarda/contracts';
import { testProcess, type OfflineDepartment } from '@retaguarda/testing';
import { sales } from '../src/sales.module.js';

/** The order that the examples of all departments tell about, under the id that they know it by. */
async function place(at: OfflineDepartment) {
  await at.deliver('place-order', OrderSubmitted.example);
  await at.source.query('update orders set id = $1', [OrderPlaced.example.orderId]);
}

const deliver = (command: string, event: object) => (at: OfflineDepartment) => at.deliver(command, event);
const finish = async (at: OfflineDepartment) => {
  await at.deliver('record-progress', OrderShipped.example, PaymentReceived.example);
};
const progress = (contract: EventClass & { example: object }) => ({
  given: place,
  event: contract.example,
  early: 'in any order' as const,
  end: finish,
});
const stop = deliver('cancel-order', OrderStopped.example);

testProcess(sales, {
  'place-order': { event: OrderSubmitted.example, early: 'starts' },
  'request-cancellation': { given: place, event: OrderCancellationRequested.example, early: 'waits', end: stop },
  'request-cancellation (refused)': {
    given: place,
    event: OrderCancellationRequested.example,
    early: 'waits',
    end: deliver('record-refusal', CancellationRefused.example),
  },
  'reject-order': { given: place, event: StockRejected.example, early: 'waits', end: stop },
  'cancel-order': {
    given: place,
    event: OrderStopped.example,
    early: 'waits',
    end: deliver('reject-order', StockRejected.example),
  },
  'record-refusal': { given: place, event: CancellationRefused.example, early: 'waits', end: finish },
  'record-progress (reserved)': progress(StockReserved),
  'record-progress (packed)': progress(OrderPacked),
  'record-progress (invoiced)': progress(InvoiceIssued),
  'record-progress (shipped)': progress(OrderShipped),
  'record-progress (paid)': progress(PaymentReceived),
  'record-progress (shipped, the last to be known)': {
    given: async (at) => {
      await place(at);
      await at.deliver('record-progress', PaymentReceived.example);
    },
    event: OrderShipped.example,
    early: 'in any order',
  },
  'record-progress (paid, after a cancellation)': {
    given: async (at) => {
      await place(at);
      await stop(at);
    },
    event: PaymentReceived.example,
    early: 'in any order',
  },
});
