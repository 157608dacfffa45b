import { CancellationRequested, InvoiceIssued, StockReserved } from '@retaguarda/contracts';
import { testProcess } from '@retaguarda/testing';
import type { OfflineDepartment } from '@retaguarda/testing';
import { fulfillment } from '../src/fulfillment.module.js';
import { pack as packOrder, ship as shipOrder } from './orders.js';

const order = {
  orderId: StockReserved.example.orderId,
  reserved: StockReserved.example,
  invoiced: InvoiceIssued.example,
  cancelled: CancellationRequested.example,
};
const open = (at: OfflineDepartment) => at.deliver('open-pick-list', order.reserved);
const pack = async (at: OfflineDepartment) => void (await packOrder(at, order));
const ship = async (at: OfflineDepartment) => void (await shipOrder(at, order));

testProcess(fulfillment, {
  'open-pick-list': { event: order.reserved, early: 'starts', end: ship },
  'release-for-dispatch': {
    given: pack,
    event: order.invoiced,
    early: 'waits',
    end: (at) => at.deliver('stop-order', order.cancelled),
  },
  'stop-order (open)': { given: open, event: order.cancelled, early: 'is remembered', end: open },
  'stop-order (packed)': {
    given: pack,
    event: order.cancelled,
    early: 'is remembered',
    end: (at) => at.deliver('release-for-dispatch', order.invoiced),
  },
  'stop-order (shipped)': { given: ship, event: order.cancelled, early: 'is remembered' },
});
