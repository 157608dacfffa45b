const ASKED_AT_ONCE = 20;

/** Asks the outside for each item, a bounded number at a time; answers come in the order of the items. */
export async function inTurns<Item, Answer>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let start = 0; start < items.length; start += ASKED_AT_ONCE)
    answers.push(...(await Promise.all(items.slice(start, start + ASKED_AT_ONCE).map(ask))));
  return answers;
}
