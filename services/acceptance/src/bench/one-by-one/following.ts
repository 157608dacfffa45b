import type { DepartmentName } from '../company/departments.js';
import { LedgerEntry } from '@retaguarda/billing/ledger/ledger-entry.entity';
import { Payment } from '@retaguarda/billing/payments/payment.entity';
import { Instalment } from '@retaguarda/billing/receivables/instalment.entity';
import { Receivable } from '@retaguarda/billing/receivables/receivable.entity';
import { Parcel } from '@retaguarda/fulfillment/parcels/parcel.entity';
import { PickList } from '@retaguarda/fulfillment/pick-lists/pick-list.entity';
import { PickListLine } from '@retaguarda/fulfillment/pick-lists/pick-list-line.entity';
import { Invoice } from '@retaguarda/invoicing/invoices/invoice.entity';
import { Series } from '@retaguarda/invoicing/series/series.entity';
import { Order } from '@retaguarda/sales/orders/order.entity';
import { Reservation } from '@retaguarda/stock/reservations/reservation.entity';
import { ReservationLine } from '@retaguarda/stock/reservations/reservation-line.entity';
import { Level } from '@retaguarda/stock/shelf/level.entity';
import { Movement } from '@retaguarda/stock/shelf/movement.entity';
import { DataSource } from 'typeorm';

/** What follows from one message: the routing key and the data of the next. */
export interface Following {
  readonly key: string;
  readonly data: object;
}

/** The departments' own: what is compared is the way to the rows. */
const entities = {
  sales: [Order],
  stock: [Reservation, ReservationLine, Level, Movement],
  fulfillment: [PickList, PickListLine, Parcel],
  invoicing: [Series, Invoice],
  billing: [Receivable, Instalment, Payment, LedgerEntry],
};

/** The department's data source, with a connection for each message that may be at work. */
export function dataSourceOf(department: DepartmentName): Promise<DataSource> {
  return new DataSource({
    type: 'postgres',
    url: process.env['DATABASE_URL']!,
    entities: entities[department],
    poolSize: AT_WORK,
    synchronize: false,
  }).initialize();
}

/** Messages at work at the same time in one process: the prefetch of (b) and (c). */
export const AT_WORK = 10;
