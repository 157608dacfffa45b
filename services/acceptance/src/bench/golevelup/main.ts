import 'reflect-metadata';
import { RabbitMQModule } from '@golevelup/nestjs-rabbitmq';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import type { DepartmentName } from '../company/departments.js';
import { AT_WORK, dataSourceOf } from '../one-by-one/following.js';
import { Line, subscribers } from './subscribers.js';

const department = process.argv[2] as DepartmentName;

@Module({
  imports: [
    RabbitMQModule.forRoot({
      uri: process.env['RABBITMQ_URL']!,
      exchanges: [{ name: 'retaguarda', type: 'topic' }],
      prefetchCount: AT_WORK,
      defaultPublishOptions: { persistent: true },
      connectionInitOptions: { wait: true, timeout: 60_000 },
      deserializer: (body: Buffer) => (JSON.parse(body.toString()) as { data: unknown }).data,
    }),
  ],
  providers: [{ provide: DataSource, useFactory: () => dataSourceOf(department) }, Line, subscribers[department]],
})
class DepartmentModule {}

const app = await NestFactory.createApplicationContext(DepartmentModule, { logger: ['error', 'warn'] });
app.enableShutdownHooks();
console.log('{"msg":"ready"}');
