import type { Receipt } from './stocking.js';

export class StockRefused extends Error {}

/**
 * Receives goods through the stock department's own door, `POST /receipts`, one receipt after the other. Safe to
 * repeat: the door knows a receipt by its reference. Throws {@link StockRefused} with the door's reason.
 */
export async function receiveStock(stockUrl: string, receipts: readonly Receipt[]): Promise<void> {
  for (const receipt of receipts) {
    const response = await fetch(new URL('/receipts', stockUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(receipt),
      signal: AbortSignal.timeout(30_000),
    }).catch((error: Error) => {
      const reason = error.cause instanceof Error ? error.cause.message : error.message;
      throw new StockRefused(
        `The stock department does not answer at ${stockUrl}: ${reason}. Is the back office running (npm start)? ` +
          'With --no-stock the orders are submitted without receiving goods.',
      );
    });
    const answer = await response.text();
    if (!response.ok) {
      throw new StockRefused(`The stock department refused receipt ${receipt.reference}: ${response.status} ${answer}`);
    }
  }
}
