/** A piece of code that one guard must turn red. `says` tells rules with several messages apart. */
export interface PlantedViolation {
  that: string;
  at: string;
  code: string;
  rule: string;
  says?: string;
}

const imports = (name: string) => `import { anything } from '${name}';\nexport const used = anything;\n`;
const lines = (count: number) => 'export {};\n'.repeat(count);
const test = (body: string) => `${body}\nexport {};\n`;

const boundary = (at: string, name: string): PlantedViolation => ({
  that: `${at} imports ${name}`,
  at,
  code: imports(name),
  rule: '@nx/enforce-module-boundaries',
});

const boundaries: PlantedViolation[] = [
  boundary('services/sales/src/main.ts', '@retaguarda/stock'),
  boundary('services/sales/src/main.ts', '../../stock/src/main.js'),
  boundary('services/sales/src/main.ts', '@retaguarda/testing'),
  boundary('services/sales/src/main.ts', '@retaguarda/acceptance'),
  boundary('services/sales/test/sales.int.spec.ts', '@retaguarda/stock'),
  boundary('services/control-room/src/index.ts', '@retaguarda/sales'),
  boundary('services/acceptance/src/index.ts', '@retaguarda/sales'),
  boundary('services/acceptance/src/index.ts', '@retaguarda/sales/sales.module'),
  boundary('services/acceptance/src/simulation/company.ts', '@retaguarda/sales'),
  boundary('services/sales/src/main.ts', '@retaguarda/stock/stock.module'),
  boundary('libs/contracts/src/index.ts', '@retaguarda/money'),
  boundary('libs/money/src/index.ts', '@retaguarda/contracts'),
  boundary('libs/database/src/index.ts', '@retaguarda/contracts'),
  boundary('libs/database/src/index.ts', '@retaguarda/messaging'),
  boundary('libs/infrastructure/src/index.ts', '@retaguarda/messaging'),
  boundary('libs/messaging/src/index.ts', '@retaguarda/testing'),
  boundary('libs/department/src/index.ts', '@retaguarda/testing'),
  boundary('libs/department/src/index.ts', '@retaguarda/sales'),
  boundary('libs/testing/src/index.ts', '@retaguarda/sales'),
  boundary('libs/workspace/src/check.ts', '@retaguarda/testing'),
  boundary('deploy/local/src/index.ts', '@retaguarda/messaging'),
  boundary('deploy/local/src/index.ts', '@retaguarda/sales'),
  { ...boundary('libs/messaging/src/index.ts', '@retaguarda/department'), says: 'Circular dependency' },
  { ...boundary('libs/database/src/tx.spec.ts', '@retaguarda/messaging'), says: 'Circular dependency' },
];

const restrictedImport = (at: string, name: string, says: string): PlantedViolation => ({
  that: `${at} imports ${name}`,
  at,
  code: imports(name),
  rule: 'no-restricted-imports',
  says,
});

const importsByPath: PlantedViolation[] = [
  restrictedImport('services/stock/src/shelf/shelf.ts', 'amqplib', 'Only libs/messaging/src/rabbit speaks AMQP'),
  restrictedImport('services/control-room/src/live.ts', 'amqplib/callback_api.js', 'speaks AMQP'),
  restrictedImport('libs/messaging/src/outbox/relay.ts', 'amqplib', 'speaks AMQP'),
  restrictedImport('libs/department/src/boot.ts', 'amqplib', 'speaks AMQP'),
  restrictedImport('deploy/local/src/orders/other.ts', 'amqplib', 'speaks AMQP'),
  restrictedImport('services/stock/src/pricing.gateway.ts', 'amqplib', 'speaks AMQP'),
  restrictedImport('services/stock/src/main.ts', '@retaguarda/infrastructure', 'Only the launcher and tests start'),
  restrictedImport('services/stock/src/shelf/reserve-stock.ts', 'node:timers', 'does not wait or schedule by itself'),
  restrictedImport('services/stock/src/shelf/reserve-stock.ts', 'timers/promises', 'does not wait or schedule'),
  restrictedImport('services/stock/src/shelf/reserve-stock.ts', 'node:https', 'No network call inside a transaction'),
  restrictedImport('services/stock/src/shelf/shelf.spec.ts', 'node:timers/promises', 'No sleeps'),
];

const inHandler = (that: string, expression: string, says: string, rule = 'no-restricted-syntax') => ({
  that,
  at: 'services/sales/src/orders/place-order.ts',
  code: `export const value = () => ${expression};\n`,
  rule,
  says,
});

const features: PlantedViolation[] = [
  inHandler('a handler reads Date.now()', 'Date.now()', 'not Date.now()'),
  inHandler('a handler reads new Date()', 'new Date()', 'not new Date()'),
  inHandler('a handler calls Date()', 'Date()', 'not new Date()'),
  inHandler('a handler rolls dice', 'Math.random()', 'unseeded randomness'),
  inHandler('a handler schedules', 'setTimeout(() => 1, 10)', 'does not schedule by itself'),
  inHandler('a handler logs', "console.log('placed')", '', 'no-console'),
  inHandler('a handler calls the network', "fetch('https://example.org')", 'No network call', 'no-restricted-globals'),
];

const named = (code: string, says: string): PlantedViolation => ({
  that: code,
  at: 'libs/messaging/src/index.ts',
  code: `${code}\n`,
  rule: 'no-restricted-syntax',
  says,
});
const located = (at: string): PlantedViolation => ({ that: at, at, code: lines(1), rule: 'house/telling-paths' });

const names: PlantedViolation[] = [
  ...['OrderPlacedHandler', 'StockService', 'QueueManager', 'OutboxImpl', 'TestHelper', 'EntityBase', 'DateUtils'].map(
    (name) => named(`export class ${name} {}`, 'for the business'),
  ),
  named('export interface OrderService { place(): void }', 'for the business'),
  named('export type OrderHelper = string;', 'for the business'),
  named('export class BaseEntity {}', 'not that others inherit'),
  named('export class AbstractQueue {}', 'not that others inherit'),
  named('export interface IOrder { id: string }', 'No I prefix'),
  located('services/sales/src/orders/order-placed.handler.ts'),
  located('services/sales/src/orders/order-service.ts'),
  located('libs/money/src/utils.ts'),
  located('libs/messaging/src/common/clock.ts'),
  located('services/stock/src/utils/clock.ts'),
  located('libs/department/src/core/boot.ts'),
];

const inTest = (body: string, says: string): PlantedViolation => ({
  that: body,
  at: 'services/sales/src/orders/pricing.spec.ts',
  code: test(body),
  rule: 'no-restricted-syntax',
  says,
});

const tests: PlantedViolation[] = [
  inTest("it.only('adds up', () => {});", 'no only, skip'),
  inTest("it.skip('adds up', () => {});", 'no only, skip'),
  inTest("it.todo('adds up');", 'no only, skip'),
  inTest("it.skip.each([1])('adds up', () => {});", 'no only, skip'),
  inTest("describe.only('pricing', () => {});", 'no only, skip'),
  inTest("describe.skip('pricing', () => {});", 'no only, skip'),
  inTest("it.concurrent.only('adds up', async () => {});", 'no concurrent.only'),
  inTest("xit('adds up', () => {});", 'no fit, xit'),
  inTest("fdescribe('pricing', () => {});", 'no fit, xit'),
  inTest('export const price = Math.random();', 'unseeded randomness'),
  inTest('await new Promise((resolve) => setTimeout(resolve, 100));', 'No sleeps'),
];

const nested =
  'export function f(a: boolean) {\n  if (a) { if (!a) { if (a) { if (!a) { return 1; } } } }\n  return 2;\n}\n';
const anywhere = 'libs/money/src/index.ts';

const sizes: PlantedViolation[] = [
  { that: 'a file of 301 lines', at: anywhere, code: lines(301), rule: 'max-lines' },
  {
    that: 'a function of 61 lines',
    at: anywhere,
    code: `export function f(a: number) {\n${'  a += 1;\n'.repeat(58)}  return a;\n}\n`,
    rule: 'max-lines-per-function',
  },
  { that: 'nesting of 4', at: anywhere, code: nested, rule: 'max-depth' },
  {
    that: 'a constructor with 5 parameters',
    at: anywhere,
    code: 'export class A {\n  constructor(\n    readonly a: 1,\n    readonly b: 1,\n    readonly c: 1,\n    readonly d: 1,\n    readonly e: 1,\n  ) {}\n}\n',
    rule: 'max-params',
  },
  { that: '== between values', at: anywhere, code: 'export const same = (a: 1, b: 2) => a == b;\n', rule: 'eqeqeq' },
  {
    that: 'an unused variable',
    at: anywhere,
    code: 'const left = 1;\nexport {};\n',
    rule: '@typescript-eslint/no-unused-vars',
  },
];

/** These need the compiler's types, so each lies on the path of a file that exists. */
export const typedViolations: PlantedViolation[] = [
  {
    that: 'a promise that nobody awaits',
    at: anywhere,
    code: 'async function commit() {}\nexport function ack() {\n  commit();\n}\n',
    rule: '@typescript-eslint/no-floating-promises',
  },
  {
    that: 'a promise taken for a yes',
    at: anywhere,
    code: 'async function isPaid() {\n  return true;\n}\nexport const ship = () => {\n  if (isPaid()) return 1;\n  return 2;\n};\n',
    rule: '@typescript-eslint/no-misused-promises',
  },
  {
    that: 'an await of something that is no promise',
    at: anywhere,
    code: 'export const f = async (total: number) => {\n  return (await total) + 1;\n};\n',
    rule: '@typescript-eslint/await-thenable',
  },
  {
    that: 'a failure that leaves its try before it happens',
    at: anywhere,
    code: 'export async function f(ask: () => Promise<number>) {\n  try {\n    return ask();\n  } catch {\n    return 0;\n  }\n}\n',
    rule: '@typescript-eslint/return-await',
  },
  {
    that: 'a state that a switch forgets',
    at: anywhere,
    code: "export function f(state: 'open' | 'paid') {\n  switch (state) {\n    case 'open':\n      return 1;\n  }\n  return 2;\n}\n",
    rule: '@typescript-eslint/switch-exhaustiveness-check',
  },
];

export const plantedViolations = [...boundaries, ...importsByPath, ...features, ...names, ...tests, ...sizes];
