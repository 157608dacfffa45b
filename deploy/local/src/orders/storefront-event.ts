import { v5 as uuidOf } from 'uuid';
import type { Submission } from './repeat.js';

/** A CloudEvents 1.0 event in structured mode, as a storefront sends it. */
export interface StorefrontEvent {
  specversion: '1.0';
  id: string;
  source: string;
  type: 'storefront.order-submitted.v1' | 'storefront.order-cancellation-requested.v1';
  time: string;
  subject: string;
  datacontenttype: 'application/json';
  data: object;
}

const namespace = 'b5c1d1c0-6a0e-4a55-9d2b-6f5a0f6f2f1e';

/**
 * The message of a submission. Its id follows from channel, external id and type: the same order sent again, by a
 * re-publish or by another run with `--again`, is the same message, and the back office takes it once.
 */
export function storefrontEvent(submission: Submission, time: Date): StorefrontEvent {
  const data = submission.kind === 'order' ? submission.order : submission.cancellation;
  const noun = submission.kind === 'order' ? 'order-submitted' : 'order-cancellation-requested';
  const type = `storefront.${noun}.v1` as const;
  return {
    specversion: '1.0',
    id: uuidOf(`${data.channel}\n${data.externalId}\n${type}`, namespace),
    source: `/storefronts/${data.channel}`,
    type,
    time: time.toISOString(),
    subject: data.externalId,
    datacontenttype: 'application/json',
    data,
  };
}
