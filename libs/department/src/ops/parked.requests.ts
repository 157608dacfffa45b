import { AnyObject, Code, Id, Ids, Instant, Means, OneOf, Optional, Part, Text, Whole } from '@retaguarda/contracts';
import type { Choice, ParkedState } from '@retaguarda/messaging';

/** Which parked messages are meant; what is left out does not matter. */
export class ParkedChoice implements Omit<Choice, 'ids'> {
  @Optional()
  @Code(255)
  step?: string;

  @Optional()
  @Code(60)
  cause?: string;

  @Optional()
  @Code(200)
  type?: string;

  @Optional()
  @Code(32)
  @Means('a group of GET /ops/parked/groups')
  group?: string;

  @Optional()
  @Text(300)
  @Means('a part of the problem; numbers and ids are # in it')
  reason?: string;

  @Optional()
  @Instant()
  since?: string;

  @Optional()
  @Instant()
  until?: string;

  @Optional()
  @Code(200)
  orderId?: string;
}

export class ParkedQuery extends ParkedChoice {
  @Optional()
  @OneOf(['parked', 'redriven', 'replaced', 'discarded'])
  state: ParkedState = 'parked';

  @Optional()
  @Whole(1, 200)
  limit: number = 50;

  @Optional()
  @Id()
  cursor?: string;
}

export class GroupsQuery extends ParkedChoice {
  @Optional()
  @Whole(1, 200)
  limit: number = 50;
}

export class RedrivesQuery {
  @Optional()
  @Whole(1, 200)
  limit: number = 50;

  @Optional()
  @Id()
  cursor?: string;
}

export class RedriveBody {
  /** What was mended; kept with the message. */
  @Optional()
  @Text(500)
  reason?: string;

  @Optional()
  @Text(100)
  by?: string;
}

export class DiscardBody {
  /** Why nothing is to be done about the message; kept with it. */
  @Text(500)
  reason!: string;

  @Optional()
  @Text(100)
  by?: string;
}

export class EditBody {
  @AnyObject()
  @Means('the whole data of the event, mended')
  data!: object;

  @Optional()
  @Code(200)
  @Means('the event, where the original does not say it or says it wrongly')
  type?: string;

  @Optional()
  @Code(255)
  @Means('the step, where the original was parked by none')
  step?: string;

  @Optional()
  @Text(100)
  by?: string;

  @Text(500)
  why!: string;
}

export class RedrivesBody {
  @Optional()
  @Part(() => ParkedChoice)
  @Means('either a filter, which may be empty, or ids')
  filter?: ParkedChoice;

  @Optional()
  @Ids(1_000)
  ids?: string[];

  @Optional()
  @Whole(1, 10_000)
  ratePerSecond?: number;

  @Optional()
  @Whole(0, 100)
  @Means('so many go first; if one of them fails the re-drive pauses itself')
  canary: number = 0;

  @Optional()
  @Text(100)
  by?: string;

  @Text(500)
  why!: string;
}

export class PressBody {
  @Optional()
  @Text(100)
  by?: string;

  @Text(500)
  why!: string;
}
