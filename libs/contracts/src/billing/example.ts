export const exampleReceivableId = '019c9f4e-9133-7d80-b26e-7a4c2f8d6b04';
export const examplePaymentId = '019c9f4e-98ff-7b25-9e03-1d5f6c7a8b05';
