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
});
