import { Module } from '@nestjs/common';
import type { DepartmentDefinition } from '@retaguarda/department';
import { handlersOf } from '@retaguarda/department';
import { FulfillmentMode } from './fulfillment-mode.js';
import { fulfillmentProcess } from './fulfillment.process.js';
import { FulfillmentTables1764000002000 } from './migrations/1764000002000-fulfillment-tables.js';
import { UnsortedDocuments1764000002001 } from './migrations/1764000002001-unsorted-documents.js';
import { Parcel } from './parcels/parcel.entity.js';
import { ParcelsController } from './parcels/parcels.controller.js';
import { ParcelsQueries } from './parcels/parcels.queries.js';
import { PickListLine } from './pick-lists/pick-list-line.entity.js';
import { PickList } from './pick-lists/pick-list.entity.js';
import { PickListsController } from './pick-lists/pick-lists.controller.js';
import { PickListsQueries } from './pick-lists/pick-lists.queries.js';
import { Scan } from './pick-lists/scan.entity.js';
import { Shortage } from './pick-lists/shortage.entity.js';

@Module({
  controllers: [PickListsController, ParcelsController],
  providers: [
    ...handlersOf(fulfillmentProcess),
    PickListsQueries,
    ParcelsQueries,
    { provide: FulfillmentMode, useFactory: () => FulfillmentMode.from(process.env) },
  ],
})
class FulfillmentModule {}

export const fulfillment: DepartmentDefinition = {
  process: fulfillmentProcess,
  module: FulfillmentModule,
  entities: [Parcel, PickList, PickListLine, Scan, Shortage],
  migrations: [FulfillmentTables1764000002000, UnsortedDocuments1764000002001],
  port: 3003,
};
