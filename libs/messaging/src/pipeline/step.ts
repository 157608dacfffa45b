import type { EventClass } from '@retaguarda/contracts';
import type { AnyHandles } from '../process/handles.js';
import type { RetryPolicyName } from '../retry/policies.js';
import type { Envelope } from '../envelope/envelope.js';
import type { RawMessage } from '../envelope/open.js';

/** A row of the process table at work: its queue and the handler instance behind it. */
export interface Step {
  /** The name of the queue as well, e.g. `stock.reserve-stock`. */
  readonly name: string;
  readonly events: readonly EventClass[];
  readonly emits: readonly EventClass[];
  readonly retry: RetryPolicyName;
  readonly restMs: number;
  readonly handler: AnyHandles;
}

/** A message on its way into a step, from the broker or from the department's own `deferred` table. */
export interface Incoming extends RawMessage {
  /** It was handed out before without being finished: by a lost connection, or by a process that died of it. */
  readonly mayHaveCrashed: boolean;
  /** Failed attempts so far, and how often it was too early. */
  readonly attempts: number;
  readonly early: number;
  readonly fromDeferred: boolean;
  /**
   * The key of its row in `deferred`, which need not be the one it opens to: what could not be opened when it was parked
   * has the hash of its body.
   */
  readonly deferredKey?: string;
  readonly firstFailedAt?: Date;
  /** Which parked message it was before it was re-driven. */
  readonly parkedId?: string | undefined;
}

/** An incoming message that could be opened. */
export interface Message {
  readonly key: string;
  readonly event: object;
  readonly envelope: Envelope;
  readonly raw: Incoming;
  answer?: unknown;
}
