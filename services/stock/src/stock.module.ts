import { Module } from '@nestjs/common';
import type { DepartmentDefinition } from '@retaguarda/department';
import { handlersOf } from '@retaguarda/department';
import { StockTables1764000001000 } from './migrations/1764000001000-stock-tables.js';
import { AnnouncedAt1764000001001 } from './migrations/1764000001001-announced-at.js';
import { ReceiptsController } from './receipts/receipts.controller.js';
import { Receipt } from './receipts/receipt.entity.js';
import { Reservation } from './reservations/reservation.entity.js';
import { ReservationLine } from './reservations/reservation-line.entity.js';
import { ShelfCount } from './shelf/count.entity.js';
import { Item } from './shelf/item.entity.js';
import { ItemsController } from './shelf/items.controller.js';
import { ItemsQueries } from './shelf/items.queries.js';
import { Level } from './shelf/level.entity.js';
import { Movement } from './shelf/movement.entity.js';
import { stockProcess } from './stock.process.js';

@Module({
  controllers: [ItemsController, ReceiptsController],
  providers: [...handlersOf(stockProcess), ItemsQueries],
})
class StockModule {}

export const stock: DepartmentDefinition = {
  process: stockProcess,
  module: StockModule,
  entities: [Item, Level, Movement, Receipt, ShelfCount, Reservation, ReservationLine],
  migrations: [StockTables1764000001000, AnnouncedAt1764000001001],
  port: 3002,
};
