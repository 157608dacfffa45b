import type { Reason } from './validate.js';

/** Bounds of what is looked at before it is read: deeper or larger data is refused whole. */
export const maxDepth = 32;
export const maxNodes = 100_000;

const forbidden: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * What makes data unfit to be copied field by field: keys by which JSON can reach the prototypes of a JavaScript
 * program, in fields of any name, and sizes that would cost more to look at than they are worth.
 */
export function dangersIn(data: unknown): readonly Reason[] {
  const search = new Search();
  search.visit(data, 0);
  return search.reasons();
}

class Search {
  private nodes = 0;
  private isTooDeep = false;
  private readonly path: (string | number)[] = [];
  private readonly found: string[] = [];

  visit(value: unknown, depth: number): void {
    if (typeof value !== 'object' || value === null) return;
    if (depth > maxDepth) this.isTooDeep = true;
    if (this.isTooDeep || this.nodes > maxNodes) return;
    if (Array.isArray(value)) this.visitEntries(value, depth);
    else this.visitFields(value as Record<string, unknown>, depth);
  }

  reasons(): Reason[] {
    if (this.isTooDeep) return [{ field: '', problem: `is nested more than ${maxDepth} levels deep` }];
    if (this.nodes > maxNodes) return [{ field: '', problem: `has more than ${maxNodes} values` }];
    return this.found.map((field) => ({ field, problem: 'is a forbidden key' }));
  }

  private visitEntries(list: readonly unknown[], depth: number): void {
    this.nodes += list.length;
    for (let index = 0; index < list.length; index += 1) this.step(index, list[index], depth);
  }

  private visitFields(record: Record<string, unknown>, depth: number): void {
    const keys = Object.keys(record);
    this.nodes += keys.length;
    for (const key of keys) {
      if (forbidden.has(key)) this.found.push(pathOf([...this.path, key]));
      this.step(key, record[key], depth);
    }
  }

  private step(segment: string | number, value: unknown, depth: number): void {
    if (typeof value !== 'object' || value === null) return;
    this.path.push(segment);
    this.visit(value, depth + 1);
    this.path.pop();
  }
}

/** A key that is not a plain word may be anything, even somebody's address; it is not repeated. */
function pathOf(segments: readonly (string | number)[]): string {
  return segments
    .map((segment) =>
      typeof segment === 'number' ? `[${segment}]` : /^[A-Za-z_]{1,40}$/.test(segment) ? segment : '*',
    )
    .join('.')
    .replaceAll('.[', '[');
}

export function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
