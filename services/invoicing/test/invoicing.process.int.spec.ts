import { OrderCancelled, OrderPacked } from '@retaguarda/contracts';
import { testProcess } from '@retaguarda/testing';
import { invoicing } from '../src/invoicing.module.js';

testProcess(invoicing, {
  'issue-invoice': {
    event: OrderPacked.example,
    early: 'starts',
    end: (at) => at.deliver('cancel-invoice', OrderCancelled.example),
  },
  'cancel-invoice': {
    given: (at) => at.deliver('issue-invoice', OrderPacked.example),
    event: OrderCancelled.example,
    early: 'waits',
  },
});
