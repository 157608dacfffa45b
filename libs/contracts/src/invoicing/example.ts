export const exampleInvoiceId = '019c9f4e-8a02-7f19-a4d7-0c6b1e5f3a03';
