export type Cell = string | number | undefined;

/** Rows under their headings: the first column to the left, figures to the right. A figure that is missing is a dash. */
export function table(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cells = [headings, ...rows.map((row) => headings.map((_, column) => shown(row[column])))];
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const lines = cells.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  );
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [lines[0], rule, ...lines.slice(1)].map((line) => line!.trimEnd()).join('\n');
}

/** Three digits that count: 0.123, 1.23, 12.3, 1,230. */
export function shown(cell: Cell): string {
  if (cell === undefined || (typeof cell === 'number' && !Number.isFinite(cell))) return '–';
  if (typeof cell === 'string') return cell;
  const size = Math.abs(cell);
  const digits = size >= 100 || cell === 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return cell.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
