import { Controller, Get, Header, ServiceUnavailableException } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { RabbitTransport } from '@retaguarda/messaging';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { Life } from './life.js';

@ApiTags('operations')
@Controller()
export class HealthController {
  constructor(
    private readonly source: DataSource,
    private readonly transport: RabbitTransport,
    private readonly registry: Registry,
    private readonly life: Life,
  ) {}

  @Get('health/live')
  @ApiOperation({ summary: 'The process runs' })
  live() {
    return { status: 'live' };
  }

  @Get('health/ready')
  @ApiOperation({ summary: 'Database and broker are there, every queue is consumed and nothing is being stopped' })
  async ready() {
    if (this.life.isStopping) throw new ServiceUnavailableException('Stopping.');
    if (this.transport.notReadyBecause)
      throw new ServiceUnavailableException(`Not ready: ${this.transport.notReadyBecause}.`);
    await this.source.query('select 1');
    return { status: 'ready' };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiOperation({ summary: 'Prometheus metrics' })
  metrics() {
    return this.registry.metrics();
  }
}
