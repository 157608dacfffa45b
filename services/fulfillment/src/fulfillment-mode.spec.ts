import { FulfillmentMode } from './fulfillment-mode.js';

describe('FULFILLMENT_MODE', () => {
  it.each([
    [undefined, false],
    ['', false],
    ['manual', false],
    ['auto', true],
  ])('%s: works by itself: %s', (mode, isAuto) => {
    expect(FulfillmentMode.from({ FULFILLMENT_MODE: mode }).isAuto).toBe(isAuto);
  });

  it.each(['Auto', 'automatic', ' auto', 'true'])('refuses %s, naming the words it takes', (mode) => {
    expect(() => FulfillmentMode.from({ FULFILLMENT_MODE: mode })).toThrow('FULFILLMENT_MODE must be manual or auto');
  });
});
