import { demoChoice, startChoice } from './command-line.js';

describe('npm run demo', () => {
  it('feeds 500 orders and stays up unless told otherwise, with everything picked by itself', () => {
    expect(demoChoice([], {})).toMatchObject({ orders: 500, exit: false, mode: 'auto', portBase: 3001, seed: '1' });
  });

  it('takes number, rate, seed, file, ports and whether to stop at the end', () => {
    const typed = [
      '--orders',
      '20',
      '--rate',
      '2.5',
      '--seed',
      'x',
      '--file',
      'day.csv',
      '--exit',
      '--port-base',
      '4001',
    ];
    const wanted = { orders: 20, rate: 2.5, seed: 'x', file: 'day.csv', exit: true, portBase: 4001 };
    expect(demoChoice(typed, {})).toMatchObject(wanted);
  });
});

describe('npm start', () => {
  it('leaves picking to people unless FULFILLMENT_MODE says auto', () => {
    expect(startChoice([], {}).mode).toBe('manual');
    expect(startChoice([], { FULFILLMENT_MODE: 'auto' }).mode).toBe('auto');
  });

  it('takes its ports from the command line first, then from RETAGUARDA_PORT_BASE', () => {
    const env = { RETAGUARDA_PORT_BASE: '5001' };
    expect(startChoice([], env).portBase).toBe(5001);
    expect(startChoice(['--port-base', '6001'], env).portBase).toBe(6001);
  });

  it('leaves the departments out that somebody runs by hand', () => {
    expect(startChoice(['--without', 'sales,billing'], {}).without).toEqual(['sales', 'billing']);
  });
});
