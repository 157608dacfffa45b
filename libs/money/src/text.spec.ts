import fc from 'fast-check';
import { decimalText, formatMoney, minorDigits, parseMoney } from './text.js';

fc.configureGlobal({ seed: 20_261_124 });

describe('the decimals of a currency', () => {
  it.each([
    ['BRL', 2],
    ['JPY', 0],
    ['BHD', 3],
    ['CLF', 4],
  ])('of %s are %i', (currency, digits) => {
    expect(minorDigits(currency)).toBe(digits);
  });

  it('are refused for what is no currency', () => {
    expect(() => minorDigits('reais')).toThrow(RangeError);
  });
});

describe('decimal text', () => {
  it.each([
    ['2.55', 'GBP', 255],
    ['23.5', 'BRL', 2350],
    ['7', 'BRL', 700],
    ['0.10', 'BRL', 10],
    ['-0.01', 'BRL', -1],
    ['-0', 'BRL', 0],
    ['1.10000', 'BRL', 110],
    ['1200', 'JPY', 1200],
    ['1.005', 'BHD', 1005],
    ['90071992547409.91', 'BRL', Number.MAX_SAFE_INTEGER],
    ['1.15', 'EUR', 115],
    ['4.35', 'EUR', 435],
  ])('%s of %s is %i minor units', (text, currency, amount) => {
    expect(parseMoney(text, currency)).toBe(amount);
  });

  it.each([
    ['1.005', 'BRL'],
    ['0.5', 'JPY'],
    ['1,50', 'BRL'],
    ['1,234.50', 'BRL'],
    ['.50', 'BRL'],
    ['1.', 'BRL'],
    ['', 'BRL'],
    [' 1', 'BRL'],
    ['1\n', 'BRL'],
    ['1e3', 'BRL'],
    ['+1', 'BRL'],
    ['١', 'BRL'],
    ['90071992547409.92', 'BRL'],
    ['9'.repeat(400), 'BRL'],
  ])('%j is no amount of %s', (text, currency) => {
    expect(() => parseMoney(text, currency)).toThrow(RangeError);
  });

  it('comes back as it was written', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom('BRL', 'JPY', 'BHD'), (amount, currency) => {
        expect(parseMoney(decimalText(amount, currency), currency)).toBe(amount);
      }),
    );
  });

  it.each([
    [5, 'BRL', '0.05'],
    [-5, 'BRL', '-0.05'],
    [2350, 'BRL', '23.50'],
    [7, 'JPY', '7'],
  ])('of %i in %s is %s', (amount, currency, text) => {
    expect(decimalText(amount, currency)).toBe(text);
  });
});

describe('money for people to read', () => {
  it.each([
    [123_450, 'BRL', 'pt-BR', 'R$ 1.234,50'],
    [123_450, 'BRL', 'en', 'R$1,234.50'],
    [-5, 'BRL', 'pt-BR', '-R$ 0,05'],
    [1200, 'JPY', 'en', '¥1,200'],
    [1005, 'BHD', 'en', 'BHD 1.005'],
    [Number.MAX_SAFE_INTEGER, 'BRL', 'pt-BR', 'R$ 90.071.992.547.409,91'],
  ])('%i of %s in %s is %s', (amount, currency, locale, text) => {
    expect(formatMoney(amount, currency, locale).replaceAll('\u00a0', ' ')).toBe(text);
  });

  it('is refused when the amount is not exact', () => {
    expect(() => formatMoney(0.1, 'BRL', 'pt-BR')).toThrow(RangeError);
  });
});
