import { HOP_BUDGET, openedFiles } from './opened-files.js';

const TABLE = `
import { OrderPlaced } from '@retaguarda/contracts';
import { at, on, process } from '@retaguarda/messaging';
import { ReserveStock } from './reservations/reserve-stock.js';
import { CountShelf } from './shelf/count-shelf.js';
export const stockProcess = process('stock',
  on(OrderPlaced).do(ReserveStock).emits().retryBy('patient'),
  at('POST /counts').do(CountShelf).emits());
`;

const HANDLER = `
import type { Tx } from '@retaguarda/database';
import { allocate } from './allocation.js';
import { lockPlaces } from '../shelf/shelf.js';
import type { Reservation } from './reservation.entity.js';
export class ReserveStock {}
`;

const department: Readonly<Record<string, string>> = {
  'stock.process.ts': TABLE,
  'reservations/reserve-stock.ts': HANDLER,
  'reservations/allocation.ts': "import type { Place } from '../shelf/shelf.js'; export const allocate = () => 1;",
  'reservations/reservation.entity.ts': "import { Entity } from 'typeorm'; export class Reservation {}",
  'shelf/shelf.ts': "import type { Tx } from '@retaguarda/database'; export const lockPlaces = (tx: Tx) => tx;",
};

function opened(changed: Readonly<Record<string, string>> = {}) {
  const files = { ...department, ...changed };
  return openedFiles('stock.process.ts', (path) => {
    const text = files[path];
    if (text === undefined) throw new Error(`There is no ${path}.`);
    return text;
  });
}

const rule = 'reservations/allocation.ts';

describe('the hop budget', () => {
  it('is kept by a handler, its noun and a pure rule, however many types it knows', () => {
    expect(opened()).toEqual([
      {
        events: ['OrderPlaced'],
        handler: 'reservations/reserve-stock.ts',
        counted: ['shelf/shelf.ts'],
        rules: [rule],
      },
    ]);
    expect(opened()[0]!.counted).toHaveLength(HOP_BUDGET);
  });

  it.each([
    ['takes a Tx', "import { type Tx } from '@retaguarda/messaging'; export const allocate = (tx: Tx) => tx;"],
    ['holds SQL', 'export const allocate = (table: string) => `select sku\n from ${table} where true`;'],
    ['holds an update', "export const allocate = 'update levels l set reserved = 0';"],
    ['holds an insert', "export const allocate = 'insert into levels (sku) values ($1)';"],
    ['holds a delete', "export const allocate = 'delete from levels';"],
    ['declares a table', "import { Entity } from 'typeorm'; export const allocate = Entity;"],
    ['is wired by Nest', "import { Injectable } from '@nestjs/common'; export const allocate = Injectable;"],
  ])('is broken by a second file that %s', (_, text) => {
    expect(opened({ [rule]: text })[0]!.counted).toEqual([rule, 'shelf/shelf.ts']);
  });

  it.each([
    ['a rule', { [rule]: "import { record } from '../shelf/ledger.js'; export const allocate = record;" }],
    ['a re-export', { [rule]: "export { record as allocate } from '../shelf/ledger.js';" }],
    ['the noun', { 'shelf/shelf.ts': `${department['shelf/shelf.ts']} import { record } from './ledger.js';` }],
  ])('is broken by what only %s opens', (_, changed) => {
    const ledger = "import type { Tx } from '@retaguarda/database'; export const record = (tx: Tx) => tx;";
    expect(opened({ ...changed, 'shelf/ledger.ts': ledger })[0]!.counted).toEqual([
      'shelf/ledger.ts',
      'shelf/shelf.ts',
    ]);
  });

  it('counts a file once, even when files know each other', () => {
    const circle = `${department['shelf/shelf.ts']} import { allocate } from '../reservations/allocation.js';`;
    expect(opened({ 'shelf/shelf.ts': circle })[0]!.counted).toEqual(['shelf/shelf.ts']);
  });

  it('cannot be passed by a handler that no file of the department holds', () => {
    expect(() => opened({ 'stock.process.ts': 'process(on(A).do(B))' })).toThrow('B is not imported from a file');
  });
});
