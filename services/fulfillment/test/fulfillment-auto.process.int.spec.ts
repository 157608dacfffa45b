import { CancellationRequested, InvoiceIssued, StockReserved } from '@retaguarda/contracts';
import { testProcess } from '@retaguarda/testing';
import type { OfflineDepartment } from '@retaguarda/testing';
import { fulfillment } from '../src/fulfillment.module.js';

process.env['FULFILLMENT_MODE'] = 'auto';

const pack = (at: OfflineDepartment) => at.deliver('open-pick-list', StockReserved.example);
const cancel = (at: OfflineDepartment) => at.deliver('stop-order', CancellationRequested.example);
const ship = async (at: OfflineDepartment) => {
  await pack(at);
  await at.deliver('release-for-dispatch', InvoiceIssued.example);
};

testProcess(fulfillment, {
  'open-pick-list': { event: StockReserved.example, early: 'starts', end: ship },
  'release-for-dispatch': { given: pack, event: InvoiceIssued.example, early: 'waits', end: cancel },
  'stop-order (packed)': { given: pack, event: CancellationRequested.example, early: 'is remembered', end: ship },
  'stop-order (shipped)': { given: ship, event: CancellationRequested.example, early: 'is remembered' },
});
