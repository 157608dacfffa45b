import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Id, OneOf, Optional } from '@retaguarda/contracts';
import { PageQuery, UuidParam, ValidQuery } from '@retaguarda/department';
import type { ChargeState } from '../charges/charges.js';
import { chargeSteps } from '../charges/charges.js';
import type { ReceivableStatus } from './receivables.js';
import { receivableSteps } from './receivables.js';
import { ReceivablesQueries } from './receivables.queries.js';

export class ReceivablesQuery extends PageQuery {
  @Optional()
  @Id()
  orderId?: string;

  @Optional()
  @OneOf(Object.keys(receivableSteps))
  status?: ReceivableStatus;

  @Optional()
  @OneOf(Object.keys(chargeSteps))
  charge?: ChargeState;

  @Optional()
  @Id()
  declare cursor?: string;
}

@ApiTags('receivables')
@Controller('receivables')
export class ReceivablesController {
  constructor(private readonly queries: ReceivablesQueries) {}

  @Get()
  @ApiOperation({ summary: 'What customers owe and paid, oldest first, without their names' })
  list(@ValidQuery(ReceivablesQuery) query: ReceivablesQuery) {
    return this.queries.list(query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One receivable with its instalments, payments and refunds' })
  receivable(@UuidParam('id') id: string) {
    return this.queries.receivable(id);
  }
}
