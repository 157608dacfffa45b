import { Code, Optional, Whole } from '@retaguarda/contracts';

/** `limit` (1 to 200, 50 unless told) and `cursor` (the `next` of the page before). */
export class PageQuery {
  @Optional()
  @Whole(1, 200)
  limit: number = 50;

  @Optional()
  @Code(200)
  cursor?: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Ask again with this as `cursor`; absent on the last page. */
  readonly next?: string;
}

/** Makes a page of `limit + 1` rows: the extra one only says that there is more. */
export function pageOf<Item>(rows: readonly Item[], limit: number, cursorOf: (item: Item) => string): Page<Item> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return rows.length > limit && last ? { items, next: cursorOf(last) } : { items };
}
