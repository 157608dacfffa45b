import 'reflect-metadata';
import { runDepartment } from '@retaguarda/department';
import { stock } from './stock.module.js';

await runDepartment(stock);
