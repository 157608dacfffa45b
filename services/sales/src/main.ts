import 'reflect-metadata';
import { runDepartment } from '@retaguarda/department';
import { sales } from './sales.module.js';

await runDepartment(sales);
