export { allocate, instalments } from './allocation.js';
export { exact, sum } from './amounts.js';
export { decimalText, formatMoney, minorDigits, parseMoney } from './text.js';
