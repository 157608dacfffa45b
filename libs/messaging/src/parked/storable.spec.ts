import { storable, storableJson } from './storable.js';

describe('what is set aside can be stored whatever it holds', () => {
  it('replaces what Postgres refuses and keeps everything else', () => {
    expect(storable('a\u0000b')).toBe('a\uFFFDb');
    expect(storable('\uD800x')).toBe('\uFFFDx');
    expect(storable('São Paulo 👜 \\u0000')).toBe('São Paulo 👜 \\u0000');
  });

  it('does so in names and values at any depth', () => {
    expect(JSON.parse(storableJson({ 'a\u0000': [{ b: '\u0000' }, 7, null] }))).toEqual({
      'a\uFFFD': [{ b: '\uFFFD' }, 7, null],
    });
    expect(storableJson(undefined)).toBe('null');
  });

  it('leaves out what is too deep or too long to keep', () => {
    const depth = 100_000;
    let deep: unknown = 'bottom';
    for (let level = 0; level < depth; level += 1) deep = [deep];
    expect(storableJson(deep)).toContain('[too deep]');
    expect(storableJson({ a: 'x'.repeat(70_000) })).toBe('{"omitted":"70008 characters"}');
    expect(storableJson({ a: 2n ** 60n })).toBe('{"a":"1152921504606846976"}');
  });
});
