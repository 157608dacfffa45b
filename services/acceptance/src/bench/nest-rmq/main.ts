import 'reflect-metadata';
import { Module, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { RmqOptions } from '@nestjs/microservices';
import { ClientsModule, Transport } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import type { DepartmentName } from '../company/departments.js';
import { AT_WORK, dataSourceOf } from '../one-by-one/following.js';
import { controllers, NEXT } from './controllers.js';

const department = process.argv[2] as DepartmentName;
const url = process.env['RABBITMQ_URL']!;
const topics: RmqOptions['options'] = {
  urls: [url],
  exchange: 'retaguarda',
  exchangeType: 'topic',
  wildcards: true,
  persistent: true,
};

@Module({
  imports: [ClientsModule.register([{ name: NEXT, transport: Transport.RMQ, options: topics }])],
  controllers: [controllers[department] as new (...parts: never[]) => object],
  providers: [{ provide: DataSource, useFactory: () => dataSourceOf(department) }],
})
class DepartmentModule {}

const queueOptions = { durable: true, arguments: { 'x-queue-type': 'quorum' } };
const app = await NestFactory.createMicroservice<RmqOptions>(DepartmentModule, {
  transport: Transport.RMQ,
  options: { ...topics, queue: `${department}_queue`, queueOptions, noAck: false, prefetchCount: AT_WORK },
  logger: ['error', 'warn'],
});
app.useGlobalPipes(new ValidationPipe({ transform: true }));
app.enableShutdownHooks();
await app.listen();
console.log('{"msg":"ready"}');
