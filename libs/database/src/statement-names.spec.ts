import { StatementNames } from './statement-names.js';

describe('the names of statements', () => {
  it('are the same for the same text on every connection, whatever the values, and others for others', () => {
    const [one, other] = [new StatementNames(), new StatementNames()];
    const nameOf = (names: StatementNames, text: string, value: number) => {
      const [asked] = names.named([text, [value]]) as [{ name: string }];
      expect(asked).toEqual({ name: asked.name, text, values: [value] });
      return asked.name;
    };
    const name = nameOf(one, 'select $1', 1);
    expect(nameOf(one, 'select $1::int', 1)).not.toBe(name);
    expect(nameOf(one, 'select $1', 2)).toBe(name);
    expect(nameOf(other, 'select $1', 1)).toBe(name);
  });

  it.each([
    ['a text without values', ['commit']],
    ['no values at all', ['select 1', []]],
    ['a callback', ['select $1', [1], () => undefined]],
    ['what has its own form', [{ text: 'select $1', values: [1], rowMode: 'array' }]],
  ])('are not given to %s', (_, asked) => {
    expect(new StatementNames().named(asked)).toBe(asked);
  });

  it('are given to 200 texts at most: what has no end is not kept by the server', () => {
    const names = new StatementNames();
    const named = Array.from({ length: 300 }, (_, n) => names.named([`select $1, ${n}`, [1]]).length === 1);
    expect(named.lastIndexOf(true)).toBe(199);
    expect(names.named(['select $1, 7', [1]])).toHaveLength(1);
  });
});
