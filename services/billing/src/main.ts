import 'reflect-metadata';
import { runDepartment } from '@retaguarda/department';
import { billing } from './billing.module.js';

await runDepartment(billing);
