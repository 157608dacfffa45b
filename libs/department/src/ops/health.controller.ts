import { Controller, Get, Header, ServiceUnavailableException } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Registry } from 'prom-client';
import { Life } from './life.js';
import { Readiness } from './readiness.js';

/** The same in every service; what `Readiness` looks at is its own. */
@ApiTags('operations')
@Controller()
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly registry: Registry,
    private readonly life: Life,
  ) {}

  @Get('health/live')
  @ApiOperation({ summary: 'The process runs' })
  live() {
    return { status: 'live' };
  }

  @Get('health/ready')
  @ApiOperation({ summary: 'All that it needs is there, every queue is consumed and nothing is being stopped' })
  async ready() {
    if (this.life.isStopping) throw new ServiceUnavailableException('Stopping.');
    const why = await this.readiness.notReadyBecause();
    if (why) throw new ServiceUnavailableException(`Not ready: ${why}`);
    return { status: 'ready' };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiOperation({ summary: 'Prometheus metrics' })
  metrics() {
    return this.registry.metrics();
  }
}
