import {
  CancellationRefused,
  CancellationRequested,
  InvoiceIssued,
  OrderPacked,
  OrderShipped,
  OrderStopped,
  StockReserved,
} from '@retaguarda/contracts';
import { at, every, on, process } from '@retaguarda/messaging';
import { DispatchParcel } from './parcels/dispatch-parcel.js';
import { ReleaseForDispatch } from './parcels/release-for-dispatch.js';
import { OpenPickList } from './pick-lists/open-pick-list.js';
import { PackOrder } from './pick-lists/pack-order.js';
import { ReportShortage } from './pick-lists/report-shortage.js';
import { ScanItem } from './pick-lists/scan-item.js';
import { StopOrder } from './pick-lists/stop-order.js';
import { WorkOpenPickLists } from './pick-lists/work-open-pick-lists.js';

export const fulfillmentProcess = process(
  'fulfillment',
  on(StockReserved).do(OpenPickList).emits(OrderPacked),
  on(InvoiceIssued).do(ReleaseForDispatch).emits(OrderShipped).restFor(100),
  on(CancellationRequested).do(StopOrder).emits(OrderStopped, CancellationRefused),
  every(5).do(WorkOpenPickLists).emits(OrderPacked, OrderShipped),
  at('POST /pick-lists/:id/scans').do(ScanItem).emits(),
  at('POST /pick-lists/:id/shortages').do(ReportShortage).emits(),
  at('POST /pick-lists/:id/pack').do(PackOrder).emits(OrderPacked),
  at('POST /parcels/:id/dispatch').do(DispatchParcel).emits(OrderShipped),
);
