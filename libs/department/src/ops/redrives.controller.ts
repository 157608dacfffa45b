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
import type { Choice, Redrive, RedrivePress, RedriveProgress } from '@retaguarda/messaging';
import {
  findRedrive,
  listRedrives,
  Messaging,
  pressRedrive,
  progressOf,
  redrivePresses,
  startRedrive,
  whereChosen,
} from '@retaguarda/messaging';
import { DataSource } from 'typeorm';
import { pageOf } from '../http/page.js';
import { UuidParam, ValidBody, ValidQuery } from '../http/valid.js';
import { named, Operator } from './operator.js';
import { PressBody, RedrivesBody, RedrivesQuery } from './parked.requests.js';

@ApiTags('parked messages')
@ApiHeader({ name: 'x-operator', required: false, description: 'Who presses, as the caller states it' })
@Controller('ops/redrives')
export class RedrivesController {
  constructor(
    private readonly source: DataSource,
    private readonly messaging: Messaging,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Re-drives a group, a filter or a list of ids, with a rate and canaries; each message is in one re-drive',
  })
  async start(@ValidBody(RedrivesBody) body: RedrivesBody, @Operator() operator: string | undefined) {
    const { ratePerSecond, canary, why } = body;
    const order = { choice: choiceOf(body), ratePerSecond, canary, by: named(body.by, operator), why };
    const { stepNames } = this.messaging;
    const id = await this.messaging.transact(async (tx) => {
      const { id, selected } = await startRedrive(tx, stepNames, order);
      if (selected === 0) throw nothingFor(await whereChosen(tx, order.choice), stepNames);
      return id;
    });
    this.messaging.redriving.expect();
    return this.found(id);
  }

  @Get()
  @ApiOperation({ summary: 'Re-drives, the newest first' })
  async list(@ValidQuery(RedrivesQuery) { limit, cursor }: RedrivesQuery) {
    const rows = await listRedrives(this.reading, { limit: limit + 1, cursor });
    return pageOf(rows, limit, ({ id }) => id);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One re-drive, and what became of its messages so far' })
  one(@UuidParam('id') id: string) {
    return this.found(id);
  }

  @Post(':id/pause')
  @HttpCode(200)
  @ApiOperation({ summary: 'Gives nothing more back until it is resumed; what was given back goes on' })
  pause(@UuidParam('id') id: string, @ValidBody(PressBody) body: PressBody, @Operator() operator: string | undefined) {
    return this.press(id, 'pause', { by: named(body.by, operator), why: body.why });
  }

  @Post(':id/resume')
  @HttpCode(200)
  @ApiOperation({ summary: 'Goes on; with new canaries, if a canary was why it paused' })
  resume(@UuidParam('id') id: string, @ValidBody(PressBody) body: PressBody, @Operator() operator: string | undefined) {
    return this.press(id, 'resume', { by: named(body.by, operator), why: body.why });
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Ends it; what was not given back stays parked and may be chosen again' })
  cancel(@UuidParam('id') id: string, @ValidBody(PressBody) body: PressBody, @Operator() operator: string | undefined) {
    return this.press(id, 'cancel', { by: named(body.by, operator), why: body.why });
  }

  /** Pressed again it changes nothing; a button that leads nowhere from here is a 409. */
  private async press(id: string, press: RedrivePress, who: { by: string; why: string }) {
    const moved = await this.messaging.transact((tx) => pressRedrive(tx, id, press, who));
    const now = await this.found(id);
    if (!moved && now.state !== redrivePresses[press].to)
      throw new ConflictException(`The re-drive is ${now.state}; it cannot ${press} any more.`);
    this.messaging.redriving.expect();
    return now;
  }

  private get reading(): Tx {
    return new Tx(this.source.manager, systemClock.now());
  }

  private async found(id: string): Promise<Redrive & { progress: RedriveProgress }> {
    const redrive = await findRedrive(this.reading, id);
    if (!redrive) throw new NotFoundException(`No re-drive has the id ${id}.`);
    return { ...redrive, progress: await progressOf(this.reading, id) };
  }
}

function choiceOf({ filter, ids }: RedrivesBody): Choice {
  if ((filter === undefined) !== (ids === undefined)) return { ...filter, ...(ids ? { ids } : {}) };
  const errors = [{ field: 'filter', problem: 'either this or ids must be given, and not both' }];
  throw new UnprocessableEntityException({ message: 'The body is not valid; see errors.', errors });
}

function nothingFor({ fitting, redrives }: { fitting: number; redrives: string[] }, steps: readonly string[]): Error {
  if (fitting === 0) return new ConflictException('Nothing that is parked fits.');
  if (redrives.length > 0)
    return new ConflictException(
      `All of the ${fitting} messages that fit are in re-drives already: ${redrives.join(', ')}.`,
    );
  return new ConflictException(
    `The ${fitting} messages that fit are of steps that the department does not have; it has ${steps.join(', ')}.`,
  );
}
