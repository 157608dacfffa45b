import type { Tx } from '@retaguarda/database';

const STOREFRONT = 'storefront:';

/** The name under which a storefront holds money. No payment provider can have it: their names have no colon. */
export function storefrontOf(channel: string): string {
  return STOREFRONT + channel;
}

/** Money that is with the storefront, which pays it back itself when it is told so. */
export function isWithStorefront(provider: string): boolean {
  return provider.startsWith(STOREFRONT);
}

export interface Settled {
  readonly id: string;
  readonly paymentId: string;
  readonly amount: number;
  readonly currency: string;
  readonly paidBy: string;
  readonly paymentReference: string;
}

/**
 * The payments of receivables that are settled at their opening. A storefront's reference counts within its order only:
 * one payment of the shopper may cover several orders.
 */
export async function insertSettled(tx: Tx, settled: readonly Settled[]): Promise<void> {
  if (settled.length === 0) return;
  await tx.query(
    `insert into payments (id, provider, reference, stated_for, receivable_id, amount, currency, applied, refunded,
            paid_at, recorded_at)
     select "paymentId", "paidBy", "paymentReference", id::text, id, amount, currency, amount, 0,
            $2::timestamptz, $2::timestamptz
       from json_to_recordset($1) as s(id uuid, "paymentId" uuid, "paidBy" text, "paymentReference" text,
            amount bigint, currency text)`,
    [JSON.stringify(settled.map(paymentFieldsOf)), tx.now],
  );
}

function paymentFieldsOf({ id, paymentId, amount, currency, paidBy, paymentReference }: Settled): Settled {
  return { id, paymentId, amount, currency, paidBy, paymentReference };
}
