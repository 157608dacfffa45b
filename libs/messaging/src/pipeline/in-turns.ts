import { inTime } from './deadline.js';

const ASKED_AT_ONCE = 20;
/** Together below what a duty may take in all: who is silent costs his own answer and not those of the others. */
const ANSWER_WITHIN_MS = 5_000;
const BEGIN_WITHIN_MS = 20_000;

/**
 * Asks the outside for each item, a bounded number at a time; `explain` says what stands for an answer that does not come,
 * within 5 s or at all. After 20 s no more are asked: their next time comes. The answers, in the order of the items.
 */
export async function inTurns<Item, Answer>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Answer>,
  explain: (item: Item, error: unknown) => Answer,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  let isOver = false;
  const end = setTimeout(() => (isOver = true), BEGIN_WITHIN_MS);
  const asked = (item: Item) => inTime(ask(item), ANSWER_WITHIN_MS).catch((error: unknown) => explain(item, error));
  for (let start = 0; start < items.length && !isOver; start += ASKED_AT_ONCE)
    answers.push(...(await Promise.all(items.slice(start, start + ASKED_AT_ONCE).map(asked))));
  clearTimeout(end);
  return answers;
}
