import { hash } from 'node:crypto';

/** More than any department has; texts beyond them, such as lists of every length, are parsed each time. */
const STATEMENTS_AT_MOST = 200;

/**
 * Names the statements of one connection, so that Postgres keeps them parsed: of a small one that comes again and again
 * most of the work is to read it. It still plans them for each call (`plan_cache_mode` in `database.ts`). A name follows
 * from its text: behind a pooler that mixes up connections a statement fails, and never is another one.
 */
export class StatementNames {
  private readonly names = new Map<string, string>();

  /** What `pg.Client.query` is asked, with a name if it is a text with values. */
  named(asked: readonly unknown[]): readonly unknown[] {
    const [text, values] = asked;
    if (typeof text !== 'string' || !Array.isArray(values) || values.length === 0 || asked.length > 2) return asked;
    const name = this.nameOf(text);
    return name === undefined ? asked : [{ name, text, values: values as unknown[] }];
  }

  private nameOf(text: string): string | undefined {
    if (!this.names.has(text) && this.names.size < STATEMENTS_AT_MOST)
      this.names.set(text, hash('sha256', text, 'hex').slice(0, 32));
    return this.names.get(text);
  }
}
