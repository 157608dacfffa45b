import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { ServiceUnavailableException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Counter } from 'prom-client';
import { finalize, type Observable } from 'rxjs';

/** Each needs one of ten connections to the database: more of them would only wait for one another. */
const MOST_AT_WORK = 500;
/** Ops look there when there is a crowd. */
const NEVER_TURNED_AWAY = /^\/(?:health|metrics|ops)\b/;

export class Crowded extends ServiceUnavailableException {
  constructor() {
    super('There are too many requests at work; try again in a few seconds.');
  }
}

/**
 * Turns requests away while too many are at work. One counts until its work is done, also when its client has given up
 * meanwhile: the work goes on, and clients that try again would pile up more of it.
 */
export class Crowd implements NestInterceptor {
  private atWork = 0;
  private turnedAway = 0;

  constructor(
    private readonly log: Pick<Logger, 'warn' | 'info'>,
    private readonly counter: Pick<Counter, 'inc'>,
    private readonly mostAtWork = MOST_AT_WORK,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { url } = context.switchToHttp().getRequest<FastifyRequest>();
    if (NEVER_TURNED_AWAY.test(url)) return next.handle();
    if (this.atWork >= this.mostAtWork) throw this.turnAway();
    this.atWork += 1;
    return next.handle().pipe(finalize(() => this.leave()));
  }

  /** Said once for each crowd, not for each request. */
  private turnAway(): Crowded {
    if (this.turnedAway === 0) this.log.warn({ atWork: this.atWork }, 'too many requests: turning some away');
    this.turnedAway += 1;
    this.counter.inc();
    return new Crowded();
  }

  private leave(): void {
    this.atWork -= 1;
    if (this.turnedAway === 0 || this.atWork > this.mostAtWork / 2) return;
    this.log.info({ turnedAway: this.turnedAway }, 'the crowd is over');
    this.turnedAway = 0;
  }
}
