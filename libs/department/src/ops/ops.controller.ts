import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Messaging, RabbitTransport } from '@retaguarda/messaging';
import { DataSource } from 'typeorm';
import { backlogOf } from './backlog.js';
import { describeProcess } from './describe-process.js';

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
}
