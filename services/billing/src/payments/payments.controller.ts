import { Controller, Get, HttpStatus, Post, Res, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Id, Optional } from '@retaguarda/contracts';
import { PageQuery, ValidBody, ValidQuery } from '@retaguarda/department';
import { Desk } from '@retaguarda/messaging';
import type { RecordedPayment } from './payments.queries.js';
import { PaymentsQueries } from './payments.queries.js';
import { SignedByProvider } from './signed-by-provider.js';
import { PaymentTaken, TakePayment } from './take-payment.js';

export class UnmatchedQuery extends PageQuery {
  @Optional()
  @Id()
  declare cursor?: string;
}

@ApiTags('payments')
@Controller('payments')
export class PaymentsController {
  constructor(
    private readonly queries: PaymentsQueries,
    private readonly desk: Desk,
  ) {}

  @Post()
  @UseGuards(SignedByProvider)
  @ApiHeader({ name: 'webhook-id', required: true })
  @ApiHeader({ name: 'webhook-timestamp', required: true })
  @ApiHeader({ name: 'webhook-signature', required: true })
  @ApiOperation({
    summary: "A provider's callback, signed by Standard Webhooks; 202 when not all of it could be matched",
  })
  async take(
    @ValidBody(PaymentTaken) taken: PaymentTaken,
    @Res({ passthrough: true }) reply: { status(code: number): unknown },
  ): Promise<RecordedPayment> {
    await this.desk.perform(TakePayment, taken);
    const payment = await this.queries.payment(taken.provider, taken.reference);
    reply.status(payment.unmatched > 0 ? HttpStatus.ACCEPTED : HttpStatus.OK);
    return payment;
  }

  @Get('unmatched')
  @ApiOperation({ summary: 'Money that belongs to no receivable, oldest first' })
  unmatched(@ValidQuery(UnmatchedQuery) { limit, cursor }: UnmatchedQuery) {
    return this.queries.unmatched(limit, cursor);
  }
}
