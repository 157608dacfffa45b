import { Module } from '@nestjs/common';
import type { DepartmentDefinition } from '@retaguarda/department';
import { handlersOf } from '@retaguarda/department';
import { Invoice } from './invoices/invoice.entity.js';
import { InvoicesController } from './invoices/invoices.controller.js';
import { InvoicesQueries } from './invoices/invoices.queries.js';
import { invoicingProcess } from './invoicing.process.js';
import { InvoicingTables1764000004000 } from './migrations/1764000004000-invoicing-tables.js';
import { UnsortedDocuments1764000004001 } from './migrations/1764000004001-unsorted-documents.js';
import { SeriesController } from './series/series.controller.js';
import { Series } from './series/series.entity.js';
import { SeriesQueries } from './series/series.queries.js';

@Module({
  controllers: [InvoicesController, SeriesController],
  providers: [...handlersOf(invoicingProcess), InvoicesQueries, SeriesQueries],
})
class InvoicingModule {}

export const invoicing: DepartmentDefinition = {
  process: invoicingProcess,
  module: InvoicingModule,
  entities: [Invoice, Series],
  migrations: [InvoicingTables1764000004000, UnsortedDocuments1764000004001],
  port: 3004,
};
