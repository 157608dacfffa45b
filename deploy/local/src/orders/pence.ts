const decimal = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * Decimal pounds as text (`2.55`, `18.0`, `-0.5`) → integer pence, without a float in between. Decimals after the
 * second are rounded half up (the full data set has one item at 0.001). Undefined if the text is not a decimal number.
 */
export function pence(pounds: string): number | undefined {
  const match = decimal.exec(pounds.trim());
  if (!match) return undefined;
  const [, sign, whole = '0', decimals = ''] = match;
  const roundsUp = (decimals[2] ?? '0') >= '5';
  const amount = Number(whole) * 100 + Number(decimals.slice(0, 2).padEnd(2, '0')) + (roundsUp ? 1 : 0);
  return sign === '-' && amount > 0 ? -amount : amount;
}
