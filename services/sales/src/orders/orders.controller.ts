import { Controller, Get, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { OrderSubmitted } from '@retaguarda/contracts';
import { UuidParam, ValidBody, ValidQuery } from '@retaguarda/department';
import { keyIn } from '../idempotency/idempotency-key-header.js';
import type { OrderAnswer } from './orders.commands.js';
import { OrdersCommands } from './orders.commands.js';
import { CancellationBody, OrdersQuery } from './orders.requests.js';
import { OrdersQueries } from './orders.queries.js';

/** As much of the HTTP reply as is needed here. */
interface Reply {
  header(name: string, value: string): unknown;
}

@ApiTags('orders')
@Controller('orders')
export class OrdersController {
  constructor(
    private readonly commands: OrdersCommands,
    private readonly queries: OrdersQueries,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Submits an order; the same (channel, externalId) exists once, however often it is submitted',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Up to 200 characters; kept for 48 hours' })
  @ApiResponse({ status: 202, description: 'The order is known, with its `orderId` and `status`' })
  @ApiResponse({ status: 422, description: 'The body is not valid, or the key was used with another body' })
  async submit(
    @ValidBody(OrderSubmitted) order: OrderSubmitted,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<OrderAnswer> {
    const { isReplayed, ...answer } = await this.commands.submit(order, keyIn(key));
    reply.header('location', `/orders/${answer.orderId}`);
    if (isReplayed) reply.header('idempotent-replayed', 'true');
    return answer;
  }

  @Get()
  @ApiOperation({ summary: 'Orders, newest first, without personal data' })
  list(@ValidQuery(OrdersQuery) { limit, cursor, ...filter }: OrdersQuery) {
    return this.queries.list(filter, limit, cursor);
  }

  @Get(':orderId')
  @ApiOperation({ summary: 'One order: its sheet, its status and what happened to it' })
  page(@UuidParam('orderId') orderId: string) {
    return this.queries.page(orderId);
  }

  @Post(':orderId/cancellation')
  @HttpCode(202)
  @ApiOperation({ summary: 'Asks for an order to be cancelled; asked again it is still asked once' })
  @ApiResponse({ status: 409, description: 'The order is completed or rejected, or its cancellation was refused' })
  cancel(
    @UuidParam('orderId') orderId: string,
    @ValidBody(CancellationBody) { reason }: CancellationBody,
  ): Promise<OrderAnswer> {
    return this.commands.cancel(orderId, reason);
  }
}
