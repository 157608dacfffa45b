import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ordersCommand } from './command.js';
import { lastFeed, rememberFeed } from './last-feed.js';
import { findRunningSystem } from './running-system.js';

describe('npm run orders', () => {
  let directory: string;
  let printed: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'orders-'));
    printed = '';
  });
  afterEach(() => rm(directory, { recursive: true }));

  const run = (args: string, env = {}) => {
    const print = (text: string) => void (printed += `${text}\n`);
    const clock = () => new Date(2026, 2, 2, 10, 15, 30);
    return ordersCommand({ directory, env, clock, print, showProgress: () => undefined })
      .exitOverride()
      .configureOutput({ writeErr: () => undefined, writeOut: print })
      .parseAsync(args ? args.split(' ') : [], { from: 'user' });
  };

  const lastOf = async (name: string) => {
    const file = join(directory, 'day.csv');
    const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
    const rows = Array.from({ length: 127 }, (_, index) => `${index},A,Item,1,2010-12-01 08:26:00,1.0,1,EIRE`);
    await writeFile(file, [header, ...rows].join('\n'));
    return { run: name, count: 1, seed: '7', file };
  };

  it('shows what it would submit and what became of every row, without any server', async () => {
    await run('--dry-run');
    expect(printed).toContain('orders         127, run 20260302-101530, seed 1');
    expect(printed).toContain('2010-12-01.csv: 3,108 rows became 127 orders for 1,336 items and 0 cancellations.');
    expect(printed).toMatch(/ 3,064 {2}order line {8}goods sold/);
    expect(printed).toMatch(/ 3,108 {2}all rows\n/);
  });

  it('repeats the last run, orders and all, when asked to', async () => {
    await rememberFeed(directory, { ...(await lastOf('first')), count: 300 });
    await run('--again --dry-run');
    expect(printed).toContain(
      "orders         300 (the day's 127, then the same day again with new numbers), run first, seed 7",
    );
  });

  it('says that there is nothing to repeat before the first run', async () => {
    await expect(run('--again')).rejects.toThrow('nothing has been submitted from here yet');
  });

  it('says what to start when nothing runs', async () => {
    await expect(run('')).rejects.toThrow('Run npm start first');
  });

  it('remembers nothing of a run that could not begin', async () => {
    const nowhere = 'amqp://shop:secret@127.0.0.1:1/retaguarda';
    await expect(run('--no-stock', { RABBITMQ_URL: nowhere })).rejects.toThrow(
      'amqp://127.0.0.1:1/retaguarda cannot be',
    );
    await expect(lastFeed(directory)).rejects.toThrow('nothing has been submitted');
  });

  it.each([
    ['--count 0', 'Expected a whole number from 1'],
    ['--count 1.5', 'Expected a whole number from 1'],
    ['--rate fast', 'Expected a number above 0'],
    ['--rate -1', 'Expected a number above 0'],
    ['--seed a/b', 'Expected 1 to 40 letters'],
    ['--file missing.csv', 'There is no file'],
    ['--file .', 'is a directory'],
    ['--colour red', 'unknown option'],
  ])('explains what is wrong with %s', async (args, problem) => {
    await expect(run(args)).rejects.toThrow(problem);
  });

  it('finds the running system in what the launcher wrote, before the environment', async () => {
    const env = { RABBITMQ_URL: 'amqp://elsewhere' };
    expect(await findRunningSystem(directory, env)).toEqual({
      brokerUrl: 'amqp://elsewhere',
      stockUrl: 'http://127.0.0.1:3002',
    });
    await mkdir(join(directory, '.retaguarda'));
    const services = { stock: 'http://127.0.0.1:4002', 'control-room': 'http://127.0.0.1:4000' };
    await writeFile(
      join(directory, '.retaguarda/run.json'),
      JSON.stringify({ brokerUrl: 'amqp://administrator', storefrontUrl: 'amqp://here/retaguarda', services }),
    );
    expect(await findRunningSystem(directory, env)).toEqual({
      brokerUrl: 'amqp://here/retaguarda',
      stockUrl: 'http://127.0.0.1:4002',
      controlRoomUrl: 'http://127.0.0.1:4000',
    });
  });
});
