import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Numbers that were passed over, both ends included. */
export interface NumberGap {
  readonly from: number;
  readonly to: number;
}

export interface SeriesState {
  readonly code: string;
  readonly nextNumber: number;
  /** Invoices with a number of the series, cancelled ones included. */
  readonly count: number;
  /** Always empty, or something outside this department has changed its tables. The first 100. */
  readonly gaps: readonly NumberGap[];
}

const GAPS_SHOWN = 100;

@Injectable()
export class SeriesQueries {
  constructor(private readonly source: DataSource) {}

  /** Looks at the documents and does not take the counter's word for it; the number to come closes the last gap. */
  async all(): Promise<SeriesState[]> {
    return (await this.source.query(
      `with numbers as (
         select series, number from invoices union all select code, next_number from series),
       steps as (
         select series, number, lag(number, 1, 0) over (partition by series order by number) as before from numbers)
       select s.code, s.next_number as "nextNumber",
              (select count(*)::int from invoices where series = s.code) as count,
              array(select jsonb_build_object('from', before + 1, 'to', number - 1) from steps
                     where series = s.code and number > before + 1 order by number limit ${GAPS_SHOWN}) as gaps
         from series s order by s.code`,
    )) as SeriesState[];
  }
}
