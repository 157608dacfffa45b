import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Charges are requested by an event of their own from here on. Those that are still to be sent, or got no answer, are
 * requested anew: what requested them before (`receivable-opened`) leads nowhere now. The receivable's id is the charge's
 * key, so a provider that had it already collects nothing twice.
 */
export class ChargeRequests1764000005003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      insert into outbox (id, envelopes, leased_until)
      select gen_random_uuid(), json_agg(json_build_object(
               'specversion', '1.0', 'id', id, 'source', '/retaguarda/billing', 'type', 'billing.charge-requested.v1',
               'time', to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'subject', order_id,
               'datacontenttype', 'application/json', 'correlationid', id,
               'data', json_build_object('orderId', order_id, 'receivableId', receivable_id, 'amount', amount,
                 'currency', currency, 'method', method, 'installments', installments))), now()
        from (select gen_random_uuid() as id, r.order_id, c.*, row_number() over (order by c.receivable_id) / 200 as part
                from charges c join receivables r on r.id = c.receivable_id
               where c.state in ('requested', 'unknown') and r.status = 'open') c
       group by part;
      delete from deferred where step = 'billing.charge-customer' and routing_key = 'billing.receivable-opened.v1';
    `);
  }

  /** What was requested stays requested. */
  async down(): Promise<void> {}
}
