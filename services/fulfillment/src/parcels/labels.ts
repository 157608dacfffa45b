import { OrderShipped } from '@retaguarda/contracts';
import type { Method } from '../pick-lists/pick-lists.js';

/** The simulated carrier, and the name under which the counter hands over pick-ups. */
export const OWN_CARRIER = 'own';
export const COUNTER = 'counter';

/** A parcel as it lies in the house, or as it left. */
export interface LyingParcel {
  readonly id: string;
  readonly orderId: string;
  readonly carrier: string | null;
  readonly trackingCode: string | null;
  readonly dispatchedAt: Date | null;
}

/** A parcel with what its label says. */
export interface Labelled {
  readonly id: string;
  readonly orderId: string;
  readonly carrier: string;
  readonly trackingCode: string;
}

/** The label of a parcel: who takes it, and a code made of the parcel's id unless the carrier gave one. */
export function label(
  { id, orderId }: Pick<LyingParcel, 'id' | 'orderId'>,
  method: Method,
  { carrier, trackingCode }: { readonly carrier?: string; readonly trackingCode?: string } = {},
): Labelled {
  return {
    id,
    orderId,
    carrier: carrier ?? (method === 'pickup' ? COUNTER : OWN_CARRIER),
    trackingCode: trackingCode ?? `RTG-${id}`,
  };
}

export function isLabelled<P extends LyingParcel | Labelled>(parcel: P): parcel is P & Labelled {
  return parcel.carrier !== null;
}

export function shipped(orderId: string, method: Method, parcels: readonly Labelled[]): OrderShipped {
  return OrderShipped.of({
    orderId,
    method,
    parcels: parcels.map(({ id, carrier, trackingCode }) => ({ parcelId: id, carrier, trackingCode })),
  });
}
