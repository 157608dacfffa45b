import { StateDirectory } from './state-directory.js';
import { chosenServices, departments, planOf, portOf, services } from './departments.js';
import type { SystemChoice } from './departments.js';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const choice: SystemChoice = { mode: 'manual', portBase: 3_001, without: [], command: 'npm start' };
const byDepartment = <T>(make: (name: string) => T) =>
  Object.fromEntries(departments.map(({ name }) => [name, make(name)]));
const addresses = {
  brokers: byDepartment((name) => ({ url: `amqp://${name}@broker`, publishUrl: `amqp://${name}.publisher@broker` })),
  databases: byDepartment((name) => `postgres://owner-of-${name}@database`),
  auditDatabases: byDepartment((name) => `postgres://reader-of-${name}@database`),
  monitorUrl: 'amqp://monitor@broker',
  managementUrl: 'http://broker',
};

describe('the services of the launcher', () => {
  const directory = new StateDirectory(mkdtempSync(join(tmpdir(), 'services-')));
  afterAll(() => rmSync(directory.path, { recursive: true }));

  it('have the ports that the contract names, and move together', () => {
    expect(services.map(({ name }) => `${name} ${portOf(name, choice)}`)).toEqual([
      ...['control-room 3000', 'sales 3001', 'stock 3002', 'fulfillment 3003', 'invoicing 3004', 'billing 3005'],
    ]);
    expect(portOf('control-room', { portBase: 4_001 })).toBe(4_000);
  });

  it('can be left out, each of them', () => {
    expect(chosenServices({ without: ['control-room', 'stock'] }).map(({ name }) => name)).toEqual([
      ...['sales', 'fulfillment', 'invoicing', 'billing'],
    ]);
    expect(() => chosenServices({ without: ['web'] })).toThrow('There is no service web.');
  });

  it('get their own keys: the control room may only read, and a department sees nothing of the others', () => {
    const envOf = (name: string) => JSON.stringify(planOf({ name }, choice, directory, addresses).env);
    const room = envOf('control-room');
    for (const { name } of departments) expect(room).toContain(`reader-of-${name}`);
    expect(room).toContain('"AUDIT_BROKER_URL":"amqp://monitor@broker"');
    expect(room).not.toMatch(/owner-of|publisher|DATABASE_URL/);
    expect(envOf('stock')).toContain('owner-of-stock');
    expect(envOf('stock')).not.toMatch(/reader-of|owner-of-sales|monitor/);
  });
});
