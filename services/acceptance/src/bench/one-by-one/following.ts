import type { DepartmentName } from '../company/departments.js';
import { DataSource } from 'typeorm';
import * as billing from './billing.entities.js';
import * as fulfillment from './fulfillment.entities.js';
import * as invoicing from './invoicing.entities.js';
import * as sales from './sales.entities.js';
import * as stock from './stock.entities.js';

/** What follows from one message: the routing key and the data of the next. */
export interface Following {
  readonly key: string;
  readonly data: object;
}

const entities = { sales, stock, fulfillment, invoicing, billing };

/** The department's data source, with a connection for each message that may be at work. */
export function dataSourceOf(department: DepartmentName): Promise<DataSource> {
  return new DataSource({
    type: 'postgres',
    url: process.env['DATABASE_URL']!,
    entities: Object.values(entities[department]),
    poolSize: AT_WORK,
    synchronize: false,
  }).initialize();
}

/** Messages at work at the same time in one process: the prefetch of (b) and (c). */
export const AT_WORK = 10;
