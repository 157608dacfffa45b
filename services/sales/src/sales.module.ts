import { Module } from '@nestjs/common';
import type { DepartmentDefinition } from '@retaguarda/department';
import { handlersOf } from '@retaguarda/department';
import { IdempotencyKey } from './idempotency/idempotency-key.entity.js';
import { SalesTables1764000002000 } from './migrations/1764000002000-sales-tables.js';
import { OrdersWithRoom1764000002001 } from './migrations/1764000002001-orders-with-room.js';
import { UnsortedDocuments1764000002002 } from './migrations/1764000002002-unsorted-documents.js';
import { Order } from './orders/order.entity.js';
import { OrdersCommands } from './orders/orders.commands.js';
import { OrdersController } from './orders/orders.controller.js';
import { OrdersQueries } from './orders/orders.queries.js';
import { salesProcess } from './sales.process.js';

@Module({
  controllers: [OrdersController],
  providers: [...handlersOf(salesProcess), OrdersCommands, OrdersQueries],
})
class SalesModule {}

export const sales: DepartmentDefinition = {
  process: salesProcess,
  module: SalesModule,
  entities: [IdempotencyKey, Order],
  migrations: [SalesTables1764000002000, OrdersWithRoom1764000002001, UnsortedDocuments1764000002002],
  port: 3001,
};
