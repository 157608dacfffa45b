import { ValidateBy } from 'class-validator';

/**
 * The lines travel on with what departments add to them, and a message ends at 1 MB: with 1,000 lines of the longest
 * SKUs and locations `stock.stock-reserved.v1` stays just below it.
 */
export const maxLinesBytes = 400_000;

/** No valid line is longer than this as JSON, so that short orders need no measuring. */
const MAX_LINE_BYTES = 1_600;

/** The field is a list of lines that is at most `maxLinesBytes` long as JSON, in UTF-8. */
export const LinesWithinSize = () =>
  ValidateBy({
    name: 'linesWithinSize',
    constraints: [maxLinesBytes],
    validator: {
      validate: (lines) => !Array.isArray(lines) || isWithinSize(lines),
      defaultMessage: () => `must not be longer than ${maxLinesBytes} bytes as JSON`,
    },
  });

function isWithinSize(lines: readonly unknown[]): boolean {
  if (lines.length * MAX_LINE_BYTES <= maxLinesBytes) return true;
  return Buffer.byteLength(JSON.stringify(lines)) <= maxLinesBytes;
}
