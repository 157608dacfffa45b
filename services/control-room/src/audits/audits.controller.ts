import { Controller, Get, Header, HttpCode, Post, ServiceUnavailableException } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Life } from '@retaguarda/department';
import type { AuditAnswer } from './audit-answer.js';
import { answerOf } from './audit-answer.js';
import { Auditing } from './auditing.js';

@ApiTags('audit')
@Controller('api/audit')
export class AuditsController {
  constructor(
    private readonly auditing: Auditing,
    private readonly life: Life,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'The last audit: does everything add up? Every check, with the ids that break it' })
  @ApiResponse({
    status: 200,
    description:
      '`clean` is null while nothing can be said: there was no audit yet, or the latest could not be made (`problem`, `unread`). `takenAt`, `tookMs`, `orders`, `checks`, `open`, `aside` and `notes` are of the last one that could be made, and absent before it.',
  })
  last(): AuditAnswer {
    return answerOf(this.auditing.state);
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Audits now and answers when that is done; joins an audit that is under way' })
  @ApiResponse({ status: 200, description: 'As of GET' })
  @ApiResponse({ status: 503, description: 'The control room is being stopped' })
  async now(): Promise<AuditAnswer> {
    await this.auditing.one();
    if (this.life.isStopping) throw new ServiceUnavailableException('Stopping.');
    return answerOf(this.auditing.state);
  }
}
