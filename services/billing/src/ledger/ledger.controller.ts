import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { LedgerQueries } from './ledger.queries.js';

@ApiTags('ledger')
@Controller('ledger')
export class LedgerController {
  constructor(private readonly queries: LedgerQueries) {}

  @Get('trial-balance')
  @ApiOperation({ summary: 'Debits and credits of each account and currency, in minor units' })
  trialBalance() {
    return this.queries.trialBalance();
  }
}
