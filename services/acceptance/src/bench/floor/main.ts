import { connect } from 'amqplib';
import { setFlagsFromString } from 'node:v8';
import pg from 'pg';
import type { DepartmentName } from '../company/departments.js';
import { onceASecond } from '../line/decisions.js';
import { forget, perform, workOff, type Step } from './batches.js';
import { openReceivables } from './billing.js';
import { openPickLists, releaseForDispatch } from './fulfillment.js';
import { issueInvoices } from './invoicing.js';
import { placeOrders, recordProgress } from './sales.js';
import { announceAvailability, reserveStock, takeFromShelf } from './stock.js';

/** Each queue with what is done with its messages. */
const steps: Record<DepartmentName, Record<string, Step>> = {
  sales: { 'sales.place-order': placeOrders, 'sales.record-progress': recordProgress },
  stock: { 'stock.reserve-stock': reserveStock, 'stock.take-from-shelf': takeFromShelf },
  fulfillment: { 'fulfillment.open-pick-list': openPickLists, 'fulfillment.release-for-dispatch': releaseForDispatch },
  invoicing: { 'invoicing.issue-invoice': issueInvoices },
  billing: { 'billing.open-receivable': openReceivables },
};

/** As often as Retaguarda does. */
const FORGET_EVERY_MS = 200;

// As the departments do (libs/department/src/program.ts).
setFlagsFromString('--heap-growing-percent=120');
setFlagsFromString('--no-parallel-scavenge');

const department = process.argv[2] as DepartmentName;
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], application_name: department });
const [consuming, publishing] = await Promise.all([
  connect(process.env['RABBITMQ_URL']!),
  connect(process.env['RABBITMQ_URL']!),
]);
const publisher = await publishing.createConfirmChannel();
const confirmed: string[] = [];
const posts = { pool, publisher, confirmed };
for (const [queue, step] of Object.entries(steps[department])) {
  const channel = await consuming.createChannel();
  await workOff(queue, { ...posts, channel }, step);
}
if (department === 'stock') onceASecond(() => perform(department, posts, announceAvailability));
setInterval(() => forget({ pool, confirmed }), FORGET_EVERY_MS);
process.on('SIGTERM', () => process.exit(0));
console.log('{"msg":"ready"}');
