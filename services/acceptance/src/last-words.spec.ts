import { StateDirectoryInUse } from '@retaguarda/infrastructure';
import { lastWords } from './last-words.js';

describe('the last words of a run', () => {
  it('are advice alone where the reason is known', () => {
    expect(lastWords(new StateDirectoryInUse('.retaguarda/faults', 41))).toBe(
      '.retaguarda/faults is in use by process 41: stop that one first (Ctrl-C in its terminal, or kill 41)',
    );
  });

  it('are a stack where it is not', () => {
    expect(lastWords(new Error('out of luck'))).toMatch(/^Error: out of luck\n +at .*last-words\.spec/);
    expect(lastWords('out of luck')).toBe('out of luck');
  });
});
