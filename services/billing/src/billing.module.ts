import { Module } from '@nestjs/common';
import type { DepartmentDefinition } from '@retaguarda/department';
import { handlersOf } from '@retaguarda/department';
import { billingProcess } from './billing.process.js';
import { Charge } from './charges/charge.entity.js';
import { LedgerController } from './ledger/ledger.controller.js';
import { LedgerEntry } from './ledger/ledger-entry.entity.js';
import { LedgerQueries } from './ledger/ledger.queries.js';
import { BillingTables1764000005000 } from './migrations/1764000005000-billing-tables.js';
import { SimulatedProviderTables1764000005001 } from './migrations/1764000005001-simulated-provider-tables.js';
import { WaitingSince1764000005002 } from './migrations/1764000005002-waiting-since.js';
import { ChargeRequests1764000005003 } from './migrations/1764000005003-charge-requests.js';
import { Payment } from './payments/payment.entity.js';
import { PaymentGateway } from './payments/payment.gateway.js';
import { PaymentsController } from './payments/payments.controller.js';
import { PaymentsQueries } from './payments/payments.queries.js';
import { SimulatedProvider } from './payments/simulated-provider.js';
import { Instalment } from './receivables/instalment.entity.js';
import { Receivable } from './receivables/receivable.entity.js';
import { ReceivablesController } from './receivables/receivables.controller.js';
import { ReceivablesQueries } from './receivables/receivables.queries.js';
import { Refund } from './refunds/refund.entity.js';
import { RefundsController } from './refunds/refunds.controller.js';
import { RefundsQueries } from './refunds/refunds.queries.js';
import { BillingSettings } from './settings.js';

@Module({
  controllers: [ReceivablesController, PaymentsController, RefundsController, LedgerController],
  providers: [
    ...handlersOf(billingProcess),
    { provide: BillingSettings, useFactory: () => BillingSettings.read(process.env) },
    SimulatedProvider,
    { provide: PaymentGateway, useExisting: SimulatedProvider },
    ReceivablesQueries,
    PaymentsQueries,
    RefundsQueries,
    LedgerQueries,
  ],
})
class BillingModule {}

export const billing: DepartmentDefinition = {
  process: billingProcess,
  module: BillingModule,
  entities: [Receivable, Instalment, Charge, Payment, Refund, LedgerEntry],
  migrations: [
    BillingTables1764000005000,
    SimulatedProviderTables1764000005001,
    WaitingSince1764000005002,
    ChargeRequests1764000005003,
  ],
  port: 3005,
};
