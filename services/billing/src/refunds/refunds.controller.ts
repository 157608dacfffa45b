import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Id, OneOf, Optional } from '@retaguarda/contracts';
import { PageQuery, ValidQuery } from '@retaguarda/department';
import type { RefundState } from './refund.entity.js';
import { refundStates } from './refund.entity.js';
import { RefundsQueries } from './refunds.queries.js';

export class RefundsQuery extends PageQuery {
  @Optional()
  @OneOf(refundStates)
  state?: RefundState;

  @Optional()
  @Id()
  declare cursor?: string;
}

@ApiTags('refunds')
@Controller('refunds')
export class RefundsController {
  constructor(private readonly queries: RefundsQueries) {}

  @Get()
  @ApiOperation({ summary: 'Money that goes back to customers, oldest first, and why it waits' })
  list(@ValidQuery(RefundsQuery) { limit, state, cursor }: RefundsQuery) {
    return this.queries.list(limit, state, cursor);
  }
}
