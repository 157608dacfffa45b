import 'reflect-metadata';
import { runDepartment } from '@retaguarda/department';
import { fulfillment } from './fulfillment.module.js';

await runDepartment(fulfillment);
