import {
  AvailabilityChanged,
  OrderCancelled,
  OrderPacked,
  OrderPlaced,
  StockRejected,
  StockReserved,
} from '@retaguarda/contracts';
import { at, every, on, process } from '@retaguarda/messaging';
import { CountShelf } from './shelf/count-shelf.js';
import { ReceiveGoods } from './receipts/receive-goods.js';
import { ReleaseStock } from './reservations/release-stock.js';
import { ReserveStock } from './reservations/reserve-stock.js';
import { TakeFromShelf } from './reservations/take-from-shelf.js';
import { AnnounceAvailability } from './shelf/announce-availability.js';

export const stockProcess = process(
  'stock',
  on(OrderPlaced).do(ReserveStock).emits(StockReserved, StockRejected),
  on(OrderPacked).do(TakeFromShelf).emits().restFor(100),
  on(OrderCancelled).do(ReleaseStock).emits(),
  every(1).do(AnnounceAvailability).emits(AvailabilityChanged),
  at('POST /receipts').do(ReceiveGoods).emits(),
  at('POST /counts').do(CountShelf).emits(),
);
