import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { Catch, HttpException } from '@nestjs/common';
import { databaseFailure } from '@retaguarda/database';
import { TooEarly, Unprocessable } from '@retaguarda/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';
import type { Logger } from 'pino';
import { Crowded } from './crowd.js';

export interface FieldError {
  readonly field: string;
  readonly problem: string;
}

/** RFC 9457. `errors` names each field that is wrong. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly errors?: readonly FieldError[];
}

/** Answers every error as `application/problem+json`; what it does not know is a 500 without details, and is logged. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const known = describe(error);
    if (known.status >= 500 && !(error instanceof Crowded))
      this.log.error({ err: error, method: request.method, route: request.routeOptions?.url }, known.detail);
    const problem: Problem = {
      type: 'about:blank',
      title: STATUS_CODES[known.status] ?? 'Error',
      instance: request.url.split('?')[0] ?? request.url,
      ...known,
    };
    if (known.status === 503) void reply.header('retry-after', '5');
    void reply.status(known.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}

/** What Fastify refuses before it knows a route, such as a malformed address, in the same form. */
export function answerUnreadable(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const status = 400;
  const problem: Problem = {
    type: 'about:blank',
    title: STATUS_CODES[status]!,
    status,
    detail: error.message,
    instance: request.url.split('?')[0] ?? request.url,
  };
  void reply.status(status).type('application/problem+json').send(JSON.stringify(problem));
}

type Known = Pick<Problem, 'status' | 'detail' | 'errors'>;

function describe(error: unknown): Known {
  if (error instanceof HttpException) return fromNest(error);
  if (error instanceof TooEarly) return { status: 409, detail: error.message };
  if (error instanceof Unprocessable) return { status: 422, detail: error.message };
  const failure = databaseFailure(error);
  if (failure === 'unavailable') return { status: 503, detail: 'The database is not available; try again.' };
  if (failure !== 'other') return { status: 503, detail: 'Somebody else is at work on the same; try again.' };
  const { statusCode, message } = (error ?? {}) as { statusCode?: unknown; message?: unknown };
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return { status: statusCode, detail: String(message) };
  return { status: 500, detail: 'Something went wrong on our side; it has been logged.' };
}

function fromNest(error: HttpException): Known {
  const body = error.getResponse();
  const status = error.getStatus();
  if (typeof body === 'string') return { status, detail: body };
  const { message, errors } = body as { message?: unknown; errors?: readonly FieldError[] };
  const detail = typeof message === 'string' ? message : error.message;
  return { status, detail, ...(errors ? { errors } : {}) };
}
