import {
  ConflictException,
  Controller,
  Get,
  HttpCode,
  NotFoundException,
  Post,
  UnprocessableEntityException,
} from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { systemClock, Tx } from '@retaguarda/database';
import type { ParkedMessage, Step } from '@retaguarda/messaging';
import {
  discard,
  findParked,
  groupParked,
  listParked,
  Messaging,
  openParked,
  redrive,
  replacementOf,
  replaceParked,
} from '@retaguarda/messaging';
import { DataSource } from 'typeorm';
import { pageOf } from '../http/page.js';
import { OptionalBody, UuidParam, ValidBody, ValidQuery } from '../http/valid.js';
import { named, Operator } from './operator.js';
import { readable } from './parked.readable.js';
import { DiscardBody, EditBody, GroupsQuery, ParkedQuery, RedriveBody } from './parked.requests.js';

@ApiTags('parked messages')
@ApiHeader({ name: 'x-operator', required: false, description: 'Who presses, as the caller states it' })
@Controller('ops/parked')
export class ParkedController {
  constructor(
    private readonly source: DataSource,
    private readonly messaging: Messaging,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Messages that need a person, oldest first, without their bodies' })
  async list(@ValidQuery(ParkedQuery) { limit, ...query }: ParkedQuery) {
    const rows = await listParked(this.reading, { ...query, limit: limit + 1 });
    return pageOf(rows, limit, ({ id }) => id);
  }

  @Get('groups')
  @ApiOperation({ summary: 'What is parked now by step, cause, type and problem, the largest group first' })
  async groups(@ValidQuery(GroupsQuery) { limit, ...choice }: GroupsQuery) {
    return { items: await groupParked(this.reading, choice, limit) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One message with its body, for repair, and what was done about it, by whom and why' })
  async one(@UuidParam('id') id: string) {
    const opened = await openParked(this.reading, id);
    if (!opened) throw notFound(id);
    return readable(opened, this.stepOf(opened.message.step)?.events ?? []);
  }

  @Post(':id/redrive')
  @HttpCode(200)
  @ApiOperation({ summary: 'Gives the message back to its step; pressed twice it has one effect' })
  async redrive(
    @UuidParam('id') id: string,
    @OptionalBody(RedriveBody) { reason, by }: RedriveBody,
    @Operator() operator = 'unnamed',
  ) {
    const { step, state } = await this.found(id);
    if (state === 'parked' && !this.stepOf(step))
      throw new ConflictException(`The department has no step ${step}; the message can only be discarded or edited.`);
    await this.messaging.transact((tx) => redrive(tx, id, by ?? operator, reason));
    this.messaging.deferrals.expect();
    return this.found(id);
  }

  @Post(':id/edit-and-redrive')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Gives a mended message to the step: a new one, caused by the original, which becomes replaced',
  })
  async editAndRedrive(
    @UuidParam('id') id: string,
    @ValidBody(EditBody) { data, type, step: otherStep, by, why }: EditBody,
    @Operator() operator: string | undefined,
  ) {
    const who = { by: named(by, operator), why };
    const opened = await openParked(this.reading, id);
    if (!opened) throw notFound(id);
    const step = this.stepOf(otherStep ?? opened.message.step);
    if (!step) throw unfit([{ field: 'step', problem: `must be one of ${this.messaging.stepNames.join(', ')}` }]);
    const department = this.messaging.department;
    const parked = { id, raw: opened.raw };
    const replacement = replacementOf({ department, step, parked, data, type, now: systemClock.now() });
    if ('reasons' in replacement) throw unfit(replacement.reasons);
    const isReplaced = await this.messaging.transact((tx) => replaceParked(tx, id, replacement, who));
    const now = await this.found(id);
    if (!isReplaced) throw new ConflictException(`The message is not parked any more: ${now.state} ${byOf(now)}.`);
    this.messaging.deferrals.expect();
    return now;
  }

  @Post(':id/discard')
  @HttpCode(200)
  @ApiOperation({ summary: 'Takes the message off the list, for a reason that is kept' })
  async discard(
    @UuidParam('id') id: string,
    @ValidBody(DiscardBody) { reason, by }: DiscardBody,
    @Operator() operator = 'unnamed',
  ) {
    await this.messaging.transact((tx) => discard(tx, id, by ?? operator, reason));
    return this.found(id);
  }

  private get reading(): Tx {
    return new Tx(this.source.manager, systemClock.now());
  }

  private stepOf(name: string): Step | undefined {
    return this.messaging.stepNames.includes(name) ? this.messaging.step(name) : undefined;
  }

  private async found(id: string): Promise<ParkedMessage> {
    const message = await findParked(this.reading, id);
    if (!message) throw notFound(id);
    return message;
  }
}

function notFound(id: string): Error {
  return new NotFoundException(`No parked message has the id ${id}.`);
}

function unfit(errors: readonly { field: string; problem: string }[]): Error {
  return new UnprocessableEntityException({ message: 'The message would be parked again; see errors.', errors });
}

function byOf({ resolvedBy, resolvedAt }: ParkedMessage): string {
  return `by ${resolvedBy ?? 'unnamed'} at ${resolvedAt?.toISOString() ?? 'an unknown time'}`;
}
