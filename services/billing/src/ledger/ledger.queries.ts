import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Account } from './ledger.js';

/** Sums in minor units; `balance` is debits less credits. */
export interface AccountBalance {
  readonly account: Account;
  readonly currency: string;
  readonly debits: number;
  readonly credits: number;
  readonly balance: number;
}

export interface TrialBalance {
  readonly accounts: readonly AccountBalance[];
  readonly totals: readonly { readonly currency: string; readonly debits: number; readonly credits: number }[];
  readonly isBalanced: boolean;
}

@Injectable()
export class LedgerQueries {
  constructor(private readonly source: DataSource) {}

  async trialBalance(): Promise<TrialBalance> {
    // float8 is exact for whole numbers up to 2^53, which is as far as the JSON number goes.
    const accounts = (await this.source.query(
      `select account, currency, sum(debit)::float8 as debits, sum(credit)::float8 as credits,
              sum(debit - credit)::float8 as balance
         from (select debit_account as account, currency, amount as debit, 0 as credit from ledger_entries
               union all
               select credit_account, currency, 0, amount from ledger_entries) sides
        group by currency, account order by currency, account`,
    )) as AccountBalance[];
    const totals = [...new Set(accounts.map(({ currency }) => currency))].map((currency) => {
      const own = accounts.filter((account) => account.currency === currency);
      return { currency, debits: sumOf(own, 'debits'), credits: sumOf(own, 'credits') };
    });
    return { accounts, totals, isBalanced: totals.every(({ debits, credits }) => debits === credits) };
  }
}

function sumOf(accounts: readonly AccountBalance[], side: 'debits' | 'credits'): number {
  return accounts.reduce((total, account) => total + account[side], 0);
}
