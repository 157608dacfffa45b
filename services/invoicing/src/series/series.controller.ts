import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { SeriesQueries } from './series.queries.js';

@ApiTags('series')
@Controller('series')
export class SeriesController {
  constructor(private readonly queries: SeriesQueries) {}

  @Get()
  @ApiOperation({ summary: 'The number series: next number, documents, numbers that are missing (none, always)' })
  async all() {
    return { items: await this.queries.all() };
  }
}
