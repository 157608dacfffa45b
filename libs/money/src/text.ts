import { exact } from './amounts.js';

const formats = new Map<string, Intl.NumberFormat>();
const decimal = /^(-?)(\d{1,30})(?:\.(\d{1,30}))?$/;

/**
 * How many digits a currency has after the decimal point: 2 for BRL, 0 for JPY, 3 for BHD. Source: ISO 4217 as in the
 * ECMA-402 `CurrencyDigits`. Throws RangeError for what is no currency code.
 */
export function minorDigits(currency: string): number {
  return formatOf(currency, 'en').resolvedOptions().maximumFractionDigits ?? 2;
}

/**
 * Reads decimal text, with a point and without group separators, as minor units: `'23.5'` of BRL is 2350. No float is
 * involved and nothing is rounded.
 *
 * @throws RangeError for any other text, for more decimals than the currency has (zeros at the end aside), and for an
 *   amount beyond ±(2^53 − 1)
 */
export function parseMoney(text: string, currency: string): number {
  const [, sign, units, decimals = ''] = decimal.exec(text) ?? [];
  const digits = minorDigits(currency);
  if (units === undefined || /[1-9]/.test(decimals.slice(digits)))
    throw new RangeError(`'${text}' is not an amount of ${currency}.`);
  const minorUnits = exact(Number(BigInt(units + decimals.slice(0, digits).padEnd(digits, '0'))));
  return sign && minorUnits > 0 ? -minorUnits : minorUnits;
}

/** The amount as decimal text with all decimals of its currency, as `parseMoney` reads it: 2350 of BRL is `'23.50'`. */
export function decimalText(amount: number, currency: string): string {
  const digits = minorDigits(currency);
  const text = String(Math.abs(exact(amount))).padStart(digits + 1, '0');
  const point = text.length - digits;
  return `${amount < 0 ? '-' : ''}${text.slice(0, point)}${digits > 0 ? `.${text.slice(point)}` : ''}`;
}

/** The amount for people to read, e.g. `R$ 1.234,50` for `pt-BR`. Exact for every amount that is exact. */
export function formatMoney(amount: number, currency: string, locale: string): string {
  // Intl takes decimal text as it is; a number it would have to be given as a fraction.
  return formatOf(currency, locale).format(decimalText(amount, currency) as Intl.StringNumericLiteral);
}

/** Making a format takes longer than using it a hundred times. */
function formatOf(currency: string, locale: string): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  const known = formats.get(key);
  if (known) return known;
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
  formats.set(key, format);
  return format;
}
