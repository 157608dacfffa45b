import { Controller, Get, Header, Redirect, ServiceUnavailableException } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Life } from '@retaguarda/department';
import { Registry } from 'prom-client';
import { CannotAudit } from '../audit/cannot-audit.js';
import { Databases } from './databases.js';

@ApiTags('operations')
@Controller()
export class HealthController {
  constructor(
    private readonly databases: Databases,
    private readonly registry: Registry,
    private readonly life: Life,
  ) {}

  /** Until there are pages, this is the one that people can read. */
  @Get()
  @Redirect('/docs')
  @ApiExcludeEndpoint()
  front(): void {}

  @Get('health/live')
  @ApiOperation({ summary: 'The process runs' })
  live() {
    return { status: 'live' };
  }

  @Get('health/ready')
  @ApiOperation({ summary: 'The databases of all departments answer and nothing is being stopped' })
  async ready() {
    if (this.life.isStopping) throw new ServiceUnavailableException('Stopping.');
    const away = await this.databases.away();
    if (!away) throw new ServiceUnavailableException('Not ready: the databases do not answer in time.');
    if (away.length > 0) throw new ServiceUnavailableException(`Not ready: ${CannotAudit.reading(...away).message}`);
    return { status: 'ready' };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiOperation({ summary: 'Prometheus metrics' })
  metrics() {
    return this.registry.metrics();
  }
}
