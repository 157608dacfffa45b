import {
  CancellationRefused,
  CancellationRequested,
  InvoiceIssued,
  OrderCancellationRequested,
  OrderCancelled,
  OrderCompleted,
  OrderPacked,
  OrderPlaced,
  OrderRejected,
  OrderShipped,
  OrderStopped,
  OrderSubmitted,
  PaymentReceived,
  StockRejected,
  StockReserved,
} from '@retaguarda/contracts';
import { every, on, process } from '@retaguarda/messaging';
import { PruneIdempotencyKeys } from './idempotency/prune-idempotency-keys.js';
import { CancelOrder } from './orders/cancel-order.js';
import { PlaceOrder } from './orders/place-order.js';
import { RecordProgress } from './orders/record-progress.js';
import { RecordRefusal } from './orders/record-refusal.js';
import { RejectOrder } from './orders/reject-order.js';
import { RequestCancellation } from './orders/request-cancellation.js';

export const salesProcess = process(
  'sales',
  on(OrderSubmitted).do(PlaceOrder).emits(OrderPlaced, OrderRejected),
  on(OrderCancellationRequested).do(RequestCancellation).emits(CancellationRequested),
  on(StockRejected).do(RejectOrder).emits(OrderRejected),
  on(OrderStopped).do(CancelOrder).emits(OrderCancelled),
  on(CancellationRefused).do(RecordRefusal).emits(),
  on(StockReserved, OrderPacked, InvoiceIssued, OrderShipped, PaymentReceived)
    .do(RecordProgress)
    .emits(OrderCompleted)
    .restFor(100),
  every(3_600).do(PruneIdempotencyKeys).emits(),
);
