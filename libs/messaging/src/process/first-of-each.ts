/**
 * The first event of each key, in the order of arrival: a batch may bring the same facts in several messages, and what
 * says the same later adds nothing. The key is the order unless told.
 */
export function firstOfEach<Event extends { readonly orderId: string }>(events: readonly Event[]): Event[];
export function firstOfEach<Event>(events: readonly Event[], keyOf: (event: Event) => string): Event[];
export function firstOfEach(
  events: readonly { readonly orderId: string }[],
  keyOf: (event: { readonly orderId: string }) => string = ({ orderId }) => orderId,
) {
  const keys = new Set<string>();
  return events.filter((event) => !keys.has(keyOf(event)) && keys.add(keyOf(event)));
}
