import type { Facts, OrderSubmitted } from '@retaguarda/contracts';

/** The data of `storefront.order-submitted.v1`. Money in pence. */
export type SubmittedOrder = Facts<OrderSubmitted>;
export type SubmittedLine = SubmittedOrder['lines'][number];

/** The shop of the data set, as the back office knows it. */
export const channel = 'gift-shop';
