import 'reflect-metadata';
import { runDepartment } from '@retaguarda/department';
import { invoicing } from './invoicing.module.js';

await runDepartment(invoicing);
