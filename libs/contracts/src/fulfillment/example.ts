export const exampleParcelId = '019c9f4e-81d4-7a6b-8c11-5b0e7f2a9d02';
