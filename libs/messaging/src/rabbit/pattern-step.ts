import { BaseRpcContext, type MessageHandler } from '@nestjs/microservices';
import type { EventClass } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Envelope } from '../envelope/envelope.js';
import { envelopeOf } from '../envelope/envelope.js';
import type { Step } from '../pipeline/step.js';

/** `@Ctx()` of an `@EventPattern` method: the open transaction and the envelope of the message. */
export class MessageContext extends BaseRpcContext<[Tx, Envelope]> {
  get tx(): Tx {
    return this.getArgByIndex(0);
  }

  get envelope(): Envelope {
    return this.getArgByIndex(1);
  }
}

/** A step whose handler is a method of a Nest controller. It may write through `@Ctx().tx` and emits nothing. */
export function patternStep(name: string, contract: EventClass, handler: MessageHandler): Step {
  return {
    name,
    events: [contract],
    emits: [],
    retry: 'standard',
    restMs: 0,
    handler: {
      handle: async (event, tx) => {
        const result: unknown = await handler(event, new MessageContext([tx, envelopeOf(event as object)]));
        if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
      },
    },
  };
}
