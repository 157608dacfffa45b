/** Items whose availability storefronts were not told yet; to be counted in stock's database. */
export const UNTOLD_ITEMS = `items i join (select sku, sum(on_hand - reserved) as free from levels group by sku) l using (sku)
  where i.announced is distinct from l.free`;
