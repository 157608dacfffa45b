import { Channel, Code, Id, OneOf, Optional, Text } from '@retaguarda/contracts';
import { PageQuery } from '@retaguarda/department';
import type { OrderStatus } from './status.js';
import { statuses } from './status.js';

export class CancellationBody {
  @Text(500)
  reason!: string;

  static readonly example = { reason: 'Comprei por engano' };
}

export class OrdersQuery extends PageQuery {
  @Optional()
  @Channel()
  channel?: string;

  @Optional()
  @Code(120)
  externalId?: string;

  @Optional()
  @OneOf(statuses)
  status?: OrderStatus;

  @Optional()
  @Id()
  declare cursor?: string;
}
