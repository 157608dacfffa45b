import { Stillness } from './stillness.js';

describe('stillness', () => {
  it('lasts from the last change on', () => {
    const stillness = new Stillness();
    stillness.observe({ completed: 1 }, 1_000);
    expect(stillness.observe({ completed: 1 }, 4_000)).toBe(3_000);
    expect(stillness.observe({ completed: 2 }, 5_000)).toBe(0);
    expect(stillness.observe({ completed: 2 }, 6_000)).toBe(1_000);
  });
});
