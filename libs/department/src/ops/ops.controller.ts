import { ConflictException, Controller, Get, Headers, HttpCode, NotFoundException, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { inTransaction, systemClock } from '@retaguarda/database';
import type { ParkedMessage } from '@retaguarda/messaging';
import { discard, findParked, listParked, Messaging, RabbitTransport, redrive } from '@retaguarda/messaging';
import { Id, OneOf, Optional, Text } from '@retaguarda/contracts';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { Tx } from '@retaguarda/database';
import { PageQuery, pageOf } from '../http/page.js';
import { OptionalBody, UuidParam, ValidBody, ValidQuery } from '../http/valid.js';
import { backlogOf } from './backlog.js';
import { describeProcess } from './describe-process.js';

class ParkedQuery extends PageQuery {
  @Optional()
  @OneOf(['parked', 'redriven', 'discarded'])
  state: ParkedMessage['state'] = 'parked';

  @Optional()
  @Id()
  override cursor?: string;
}

class RedriveBody {
  /** What was mended; kept with the message. */
  @Optional()
  @Text(500)
  reason?: string;
}

class DiscardBody {
  /** Why nothing is to be done about the message; kept with it. */
  @Text(500)
  reason!: string;
}

@ApiTags('operations')
@Controller('ops')
export class OpsController {
  constructor(
    private readonly source: DataSource,
    private readonly messaging: Messaging,
    private readonly transport: RabbitTransport,
  ) {}

  @Get('process')
  @ApiOperation({ summary: 'The process table, and what waits and was done at each step' })
  async process() {
    const [depths, backlog] = await Promise.all([this.transport.depths(), backlogOf(this.source)]);
    return { ...describeProcess(this.messaging, depths), backlog };
  }

  @Get('parked')
  @ApiOperation({ summary: 'Messages that need a person, oldest first, without their bodies' })
  async parked(@ValidQuery(ParkedQuery) { state, limit, cursor }: ParkedQuery) {
    const rows = await listParked(this.reading, { state, limit: limit + 1, cursor });
    return pageOf(rows, limit, ({ id }) => id);
  }

  @Post('parked/:id/redrive')
  @HttpCode(200)
  @ApiOperation({ summary: 'Gives the message back to its step; pressed twice it has one effect' })
  async redrive(
    @UuidParam('id') id: string,
    @OptionalBody(RedriveBody) { reason }: RedriveBody,
    @Headers('x-actor') actor = 'unnamed',
  ) {
    const { step, state } = await this.found(id);
    if (state === 'parked' && !this.messaging.stepNames.includes(step))
      throw new ConflictException(`The department has no step ${step}; the message can only be discarded.`);
    await inTransaction(this.source, systemClock, (tx) => redrive(tx, id, actor, reason));
    this.messaging.deferrals.expect();
    return this.found(id);
  }

  @Post('parked/:id/discard')
  @HttpCode(200)
  @ApiOperation({ summary: 'Takes the message off the list, for a reason that is kept' })
  async discard(
    @UuidParam('id') id: string,
    @ValidBody(DiscardBody) { reason }: DiscardBody,
    @Headers('x-actor') actor = 'unnamed',
  ) {
    await inTransaction(this.source, systemClock, (tx) => discard(tx, id, actor, reason));
    return this.found(id);
  }

  private get reading(): Tx {
    return new Tx(this.source.manager as EntityManager, new Date());
  }

  private async found(id: string): Promise<ParkedMessage> {
    const message = await findParked(this.reading, id);
    if (!message) throw new NotFoundException(`No parked message has the id ${id}.`);
    return message;
  }
}
